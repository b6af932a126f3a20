"""Step 1: sizes, digests and forms of all files, and whether everything the level promises is there."""

from hashlib import sha256

from gettone.errors import InputError
from gettone.notary.bundle import Bundle, BundleSettlement, Manifest
from gettone.notary.keccak import keccak256
from gettone.notary.leaves import ZERO_HASH
from gettone.notary.recover import recover_address
from gettone.notary.takeout_format import FORMAT, Level, readings_file, series_file
from gettone.notary.verify.case import Case, label_of
from gettone.notary.verify.report import Report, State


def check_files(bundle: Bundle, report: Report) -> None:
    """The part of step 1 that needs no settlement: archive, problems of reading, digests, signature."""
    if not bundle.deterministic:
        report.fail(1, "archive", "the archive is not packed as the format says: it is not the file as exported")
    for problem in bundle.problems:
        report.fail(
            1,
            "format",
            problem.message,
            expected=f"{problem.file} as the format says",
            found=f"[{problem.code}] {problem.message}",
        )
    if bundle.manifest is not None:
        _check_digests(bundle, bundle.manifest, report)
        _check_signature(bundle.manifest, report)


def _check_digests(bundle: Bundle, manifest: Manifest, report: Report) -> None:
    listed = {entry.name: entry for entry in manifest.files}
    names = set(bundle.entries) - {"manifest.json"}
    for name in sorted(set(listed) ^ names):
        expected, found = "the same files in archive and manifest", f"{name} in one of the two alone"
        report.fail(1, "files", f"the manifest does not list exactly the files: {name}", expected=expected, found=found)
    if len(listed) != len(manifest.files):
        report.fail(1, "files", "the manifest lists a file twice")
    for name in sorted(set(listed) & names):
        content, entry = bundle.entries[name], listed[name]
        digest = sha256(content).digest()
        if (len(content), digest) != (entry.length, entry.sha256):
            report.fail(
                1,
                "files",
                f"{name} is not the file that the manifest lists",
                expected=f"{name}: SHA-256 {entry.sha256.hex()}",
                found=digest.hex(),
            )
    report.note(1, State.OK, f"{len(names)} files")


def _check_signature(manifest: Manifest, report: Report) -> None:
    if manifest.signature is None:
        report.note(1, State.OK, "no operator signature (nothing rests on it)")
        return
    address, signature = manifest.signature
    message = manifest.signed_message
    prefix = b"\x19Ethereum Signed Message:\n" + str(len(message)).encode()
    try:
        signer = recover_address(keccak256(prefix + message), signature)
    except InputError as refusal:
        report.fail(1, "signature", refusal.message)
        return
    if signer != address:
        report.fail(
            1,
            "signature",
            f"the manifest is not signed by 0x{address.hex()}",
            expected=f"signed by 0x{address.hex()}",
            found=f"signed by 0x{signer.hex()}",
        )
    report.note(1, State.OK, f"signed by 0x{signer.hex()} (nothing rests on it)")


def check_completeness(case: Case) -> None:
    """The part of step 1 that knows what the level promises for every settlement of the manifest."""
    bundle, report = case.bundle, case.report
    if set(bundle.settlements) != set(case.manifest.settlements) or not case.subjects():
        report.fail(1, "incomplete", "the settlements of the archive are not those that the manifest lists")
    broken = {problem.file for problem in bundle.problems}
    for one in case.settlements():
        for name in sorted(_promised(case, one) - set(bundle.entries)):
            report.fail(
                1, "incomplete", f"{name} is missing", period=label_of(one), expected=name, found="no such file"
            )
        if one.keys is None and "keys.json" not in broken and _has_keys(case, one):
            report.fail(1, "incomplete", f"keys.json does not open settlement {label_of(one)}", period=label_of(one))
        if one.ingest is not None and case.manifest.format == FORMAT:
            report.fail(1, "format", f"{FORMAT} has no ingest/{label_of(one)}.json", period=label_of(one))


def _has_keys(case: Case, one: BundleSettlement) -> bool:
    return case.manifest.level != Level.PROOF_ONLY and one.assignment is not None and bool(one.assignment.leaf)


def _promised(case: Case, one: BundleSettlement) -> set[str]:
    label, level = label_of(one), case.manifest.level
    names = {f"{folder}/{label}.json" for folder in ("assignments", "roster", "aggregates", "chain")}
    for each in one.series:
        place = (each.series_pid, one.key[0], each.first_revision)
        names.add(series_file(*place))
        if level != Level.PROOF_ONLY and not one.is_erased:
            names.add(readings_file(*place))
    fields = one.assignment.fields if one.assignment else None
    if fields is None or one.is_erased:
        return names
    names.add(f"params/{fields['params_digest'].hex()}.json")
    opening = case.opening(one)
    if case.manifest.format != FORMAT and opening is not None and opening.proposal.ingest_size:
        names.add(f"ingest/{label}.json")
    if level != Level.PROOF_ONLY:
        names |= {f"inputs/{label}.json"} if fields["input_digest"] != ZERO_HASH else set()
        names |= {f"trace/{label}.csv"} if fields["trace_digest"] != ZERO_HASH else set()
    if one.aggregates and one.aggregates.withdrawn:
        names.add(f"aggregates/{label}.csv")
    return names
