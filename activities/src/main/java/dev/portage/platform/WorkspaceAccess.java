package dev.portage.platform;

import dev.portage.http.OutboundHttp;

/**
 * What the activities of a workspace need.
 *
 * @param logins workspaces as they are now, and the logins that this worker may use
 * @param http the one way out to the network
 */
public record WorkspaceAccess(WorkspaceLogins logins, OutboundHttp http) {}
