"""The kinds of work that can be asked for; each is one function that may be run again after any crash."""

from collections.abc import Callable, Mapping
from typing import Any

from gettone.db.repositories.operations import OperationRow
from oracle.operations import changes, settlements
from oracle.operations.agreements import act_for_community, check_agreement, resolve_agreement
from oracle.operations.carried_acts import relay_act, watch_act
from oracle.operations.community_acts import close_community, deploy_community, pause_community, unpause_community
from oracle.operations.corrections import correct_row
from oracle.operations.join_member import join_member
from oracle.operations.leave_community import leave_community
from oracle.operations.mail_invitation import mail_invitation
from oracle.operations.member_acts import freeze_member, unfreeze_member
from oracle.operations.realm_roles import carry_role
from oracle.operations.replace_wallet import object_to_replacement, replace_wallet
from oracle.operations.run_job import run_asked_job
from oracle.operations.sessions import end_session
from oracle.operations.takeouts import make_takeout
from oracle.worker.job import Run

Handler = Callable[[Run, OperationRow], Mapping[str, Any]]
"""Does the work and says what came of it.

It may be killed anywhere and is then called again with the same operation, so it looks first at what is done already.
Held waits for a person, Unreachable is tried again; any other refusal ends the operation with its code.
"""

KINDS: Mapping[str, Handler] = {
    "change.preview": changes.preview_asked_change,
    "change.schedule": changes.schedule_change,
    "act.relay": relay_act,
    "act.watch": watch_act,
    "agreement.check": check_agreement,
    "agreement.community": act_for_community,
    "agreement.resolve": resolve_agreement,
    "batch.correct": correct_row,
    "community.close": close_community,
    "community.deploy": deploy_community,
    "community.pause": pause_community,
    "community.unpause": unpause_community,
    "invitation.mail": mail_invitation,
    "job.run": run_asked_job,
    "member.freeze": freeze_member,
    "member.unfreeze": unfreeze_member,
    "role.realm": carry_role,
    "session.end": end_session,
    "settlement.approve": settlements.approve_settlement,
    "settlement.publish": settlements.publish_settlement,
    "settlement.release": settlements.release_settlement,
    "settlement.retry": settlements.retry_settlement,
    "settlement.revise": settlements.revise_settlement,
    "settlement.run": settlements.run_asked_settlement,
    "wallet.join": join_member,
    "takeout.make": make_takeout,
    "wallet.leave": leave_community,
    "wallet.object": object_to_replacement,
    "wallet.replace": replace_wallet,
}
