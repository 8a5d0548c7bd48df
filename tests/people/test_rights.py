"""Who may do what on which thing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.people import Person, PersonId, Role
from people.rights import RIGHTS, SOMETHING, Action, Scope, may
from tests.people.conftest import NOW


def _person(id: int, role: Role, *, disabled: bool = False) -> Person:
    return Person(
        id=PersonId(id),
        address=f"personne{id}@exemple.fr",
        name="",
        role=role,
        disabled=disabled,
        has_password=True,
        has_second_factor=False,
        created=NOW,
        last_sign_in=None,
    )


@dataclass(frozen=True)
class Owned:
    owner: PersonId | None


@pytest.mark.parametrize("action", Action)
def test_nobody_may_nothing(action: Action) -> None:
    for thing in (SOMETHING, None, Owned(None), Owned(PersonId(1))):
        assert not may(None, action, thing)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_disabled_person_may_nothing(role: Role, action: Action) -> None:
    person = _person(1, role, disabled=True)
    assert not any(may(person, action, thing) for thing in (SOMETHING, None, person))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_each_right_holds_on_its_things_only(role: Role, action: Action) -> None:
    person, other = _person(1, role), _person(2, role)
    scope = RIGHTS[role].get(action)
    asked = tuple(may(person, action, t) for t in (SOMETHING, person, other, Owned(None)))
    assert (
        asked
        == {
            None: (False, False, False, False),
            Scope.ANY: (True, True, True, True),
            Scope.OWN: (True, True, False, False),
            Scope.SHARED: (True, True, False, False),
            Scope.OTHERS: (True, False, True, False),
        }[scope]
    )


def test_two_trainers_keep_their_lists_apart() -> None:
    one, two = _person(1, Role.TRAINER), _person(2, Role.TRAINER)
    assert may(one, Action.KEEP_READING_LIST, Owned(one.id))
    assert not may(two, Action.KEEP_READING_LIST, Owned(one.id))
    assert may(_person(3, Role.ADMIN), Action.KEEP_READING_LIST, Owned(one.id))


def test_no_admin_changes_their_own_standing() -> None:
    admin = _person(1, Role.ADMIN)
    assert not may(admin, Action.CHANGE_STANDING, admin)
    assert may(admin, Action.CHANGE_STANDING, _person(2, Role.ADMIN))


def test_only_admins_see_accounts_and_history() -> None:
    for role in Role:
        person = _person(1, role)
        for action in (Action.MANAGE_ACCOUNTS, Action.CHANGE_STANDING, Action.READ_HISTORY):
            assert may(person, action, SOMETHING) is (role is Role.ADMIN)


def test_not_even_an_admin_acts_in_somebody_s_name() -> None:
    admin, other = _person(1, Role.ADMIN), _person(2, Role.EDITOR)
    assert not may(admin, Action.CHANGE_OWN_ACCOUNT, other)
    assert not may(admin, Action.RESUME_DRAFT, Owned(other.id))


def test_every_role_has_its_table() -> None:
    assert set(RIGHTS) == set(Role)


@dataclass(frozen=True)
class Edited(Owned):
    editors: tuple[PersonId, ...]


@pytest.mark.parametrize("role", set(Role) - {Role.ADMIN})
def test_who_edits_a_list_may_change_it_but_not_give_it(role: Role) -> None:
    owner, editor, other = (_person(id, role) for id in (1, 2, 3))
    thing = Edited(owner.id, (editor.id,))
    people = (owner, editor, other)
    assert [may(one, Action.KEEP_READING_LIST, thing) for one in people] == [True, True, False]
    assert [may(one, Action.GIVE_READING_LIST, thing) for one in people] == [True, False, False]
