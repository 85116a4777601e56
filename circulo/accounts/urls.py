"""The addresses of this app."""

from django.urls import path

from circulo.accounts.views import entrances, house, notices, own, people

app_name = "accounts"
urlpatterns = [
    path("login", entrances.login, name="login"),
    path("logout", entrances.logout, name="logout"),
    path("password", entrances.ask_for_reset, name="ask_for_reset"),
    path("password/choose", entrances.set_password, name="set_password"),
    path("password/<str:token>", entrances.open_link, name="open_link"),
    path("demo/<str:token>", entrances.enter_demo, name="enter_demo"),
    path("notifications", notices.notifications, name="notifications"),
    path("notifications/bell", notices.bell, name="bell"),
    path("notifications/read", notices.read_all, name="read_notifications"),
    path("notifications/<slug:key>/open", notices.open_notification, name="open_notification"),
    path("notifications/<slug:key>/mute", notices.mute, name="mute"),
    path("notifications/<slug:key>/unmute", notices.unmute, name="unmute"),
    path("settings", own.index, name="settings"),
    path("settings/profile", own.profile, name="profile"),
    path("settings/preferences", own.preferences, name="preferences"),
    path("settings/security", own.security, name="security"),
    path("settings/security/end-others", own.end_other_sessions, name="end_other_sessions"),
    path("settings/security/<slug:key>/end", own.end_session, name="end_session"),
    path("settings/tokens", own.tokens, name="tokens"),
    path("settings/tokens/<slug:key>/revoke", own.revoke_token, name="revoke_token"),
    path("settings/notifications", notices.choose, name="notices"),
    path("settings/notifications/devices", notices.add_device, name="add_device"),
    path(
        "settings/notifications/devices/<slug:key>/remove",
        notices.remove_device,
        name="remove_device",
    ),
    path("people", people.suggest, name="suggest_people"),
    path("settings/firm", house.firm, name="firm"),
    path("settings/users", house.users, name="users"),
    path("settings/users/invite", house.invite_user, name="invite_user"),
    path("settings/users/<slug:key>", house.user, name="user"),
    path("settings/users/<slug:key>/link", house.send_link, name="send_link"),
    path("settings/teams", house.teams, name="teams"),
    path("settings/teams/<slug:key>", house.team, name="team"),
    path("settings/teams/<slug:key>/remove", house.remove_team, name="remove_team"),
    path("settings/roles", house.roles, name="roles"),
    path("settings/roles/<slug:name>", house.role, name="role"),
    path("settings/log", house.log, name="log"),
]
