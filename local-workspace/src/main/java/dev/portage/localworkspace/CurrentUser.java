package dev.portage.localworkspace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Sha256;
import io.javalin.http.HandlerType;

/**
 * Identifies the caller.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/currentuser/me">Current user API</a>
 */
final class CurrentUser {
  private CurrentUser() {}

  static void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, "/api/2.0/preview/scim/v2/Me", null, CurrentUser::me);
  }

  private static void me(ApiCall call) {
    String user = call.caller().user();
    // A number that stays the same for the same name.
    String id = Long.toString(Long.parseLong(Sha256.of(user).substring(0, 12), 16));
    ObjectNode me =
        Json.object()
            .put("id", id)
            .put("userName", user)
            .put("displayName", user)
            .put("active", true);
    me.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:User");
    me.putArray("emails").addObject().put("value", user).put("type", "work").put("primary", true);
    call.answer(me);
  }
}
