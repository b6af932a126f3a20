"""ID-1 on the demonstration's provider: every flow of the specification's §2."""

from tests.identity_checks.account import (
    AdministrationChecks,
    DeletionChecks,
    DeviceChecks,
    EditChecks,
    MachineChecks,
)
from tests.identity_checks.login import LoginChecks, LogoutChecks, RotationChecks, SingleSignOnChecks
from tests.identity_checks.registration import RegistrationChecks
from tests.identity_checks.second_factor import RecoveryChecks, SecondFactorChecks


class TestRegistration(RegistrationChecks):
    """F1 and F2."""


class TestLogin(LoginChecks):
    """F6."""


class TestLogout(LogoutChecks):
    """F7."""


class TestSingleSignOn(SingleSignOnChecks):
    """F8."""


class TestEdit(EditChecks):
    """F9."""


class TestDeletion(DeletionChecks):
    """F10."""


class TestAdministration(AdministrationChecks):
    """The port."""


class TestMachine(MachineChecks):
    """F12."""


class TestDevice(DeviceChecks):
    """The login of the command line."""


class TestSecondFactor(SecondFactorChecks):
    """F13."""


class TestRecovery(RecoveryChecks):
    """F15."""


class TestRotation(RotationChecks):
    """Two keys while one follows the other."""
