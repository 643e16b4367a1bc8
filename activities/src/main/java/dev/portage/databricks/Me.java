package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom a login belongs to in its workspace.
 *
 * @param id id in the workspace's SCIM directory, null when it does not say
 * @param user user name, or application id of a service principal; null when it does not say
 * @see <a href="https://docs.databricks.com/api/workspace/currentuser/me">Current user API</a>
 */
record Me(@Nullable String id, @Nullable String user) {
  static final String PATH = "/api/2.0/preview/scim/v2/Me";

  private static final Pattern APPLICATION =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** What the workspace says; nobody in particular where it does not. */
  static Me of(HttpAnswer answer) {
    JsonNode json = answer.json();
    return answer.isSuccess()
        ? new Me(json.path("id").textValue(), json.path("userName").textValue())
        : new Me(null, null);
  }

  /** How messages name it. */
  String name() {
    return user == null ? "the login" : user;
  }

  /** Command that lets it have entitlements. */
  String grantEntitlements(String... entitlements) {
    StringBuilder values = new StringBuilder();
    for (String entitlement : entitlements) {
      values
          .append(values.isEmpty() ? "" : ",")
          .append("{\"value\":\"")
          .append(entitlement)
          .append("\"}");
    }
    return "databricks "
        + (isServicePrincipal() ? "service-principals" : "users")
        + " patch "
        + (id == null ? "<id>" : id)
        + " --json '{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":"
        + "[{\"op\":\"add\",\"path\":\"entitlements\",\"value\":["
        + values
        + "]}]}'";
  }

  /** Command that gives it a permission on an object. */
  String grantPermission(String kind, @Nullable String objectId, String level) {
    return "databricks permissions update "
        + kind
        + " "
        + (objectId == null ? "<id>" : objectId)
        + " --json '{\"access_control_list\":[{\""
        + (isServicePrincipal() ? "service_principal_name" : "user_name")
        + "\":\""
        + (user == null ? "<user>" : user)
        + "\",\"permission_level\":\""
        + level
        + "\"}]}'";
  }

  /** Command that gives it a privilege on something in Unity Catalog. */
  String grantInCatalog(String kind, String fullName, String privilege) {
    return "databricks grants update "
        + kind
        + " "
        + fullName
        + " --json '{\"changes\":[{\"principal\":\""
        + (user == null ? "<user>" : user)
        + "\",\"add\":[\""
        + privilege
        + "\"]}]}'";
  }

  /** Whether it is a service principal. */
  boolean isServicePrincipal() {
    return user != null && isApplication(user);
  }

  /** Whether a principal is a service principal, by its application id. */
  static boolean isApplication(String principal) {
    return APPLICATION.matcher(principal).matches();
  }
}
