package dev.portage.localworkspace.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * The Secrets API. Scopes kept in Azure Key Vault are refused: nothing here can reach one.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/secrets">Secrets API reference</a>
 */
public final class SecretsApi {
  private static final String BASE = "/api/2.0/secrets/";

  private static final Shape.Fields SCOPE = Shape.fields().needs("scope", Shape.text());
  private static final Shape.Fields SECRET = SCOPE.needs("key", Shape.text());
  private static final Shape.Fields PRINCIPAL = SCOPE.needs("principal", Shape.text());

  private static final Shape NEW_SCOPE =
      SCOPE
          .with("initial_manage_principal", Shape.text())
          .with("scope_backend_type", Shape.oneOf("DATABRICKS", "AZURE_KEYVAULT"))
          .with("backend_azure_keyvault", Shape.anything());

  private static final Shape NEW_SECRET =
      SECRET.with("string_value", Shape.text()).with("bytes_value", Shape.text());

  private static final Shape GRANT =
      PRINCIPAL.needs("permission", Shape.oneOf("READ", "WRITE", "MANAGE"));

  private final SecretScopes scopes;

  /** The calls for these scopes. */
  public SecretsApi(SecretScopes scopes) {
    this.scopes = scopes;
  }

  /** Adds the calls. Each scope says who may do what, so no other right is needed. */
  public void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, BASE + "scopes/list", null, this::listScopes);
    routes.on(HandlerType.POST, BASE + "scopes/create", null, this::createScope);
    routes.on(HandlerType.POST, BASE + "scopes/delete", null, this::deleteScope);
    routes.on(HandlerType.GET, BASE + "list", null, this::list);
    routes.on(HandlerType.GET, BASE + "get", null, this::get);
    routes.on(HandlerType.POST, BASE + "put", null, this::put);
    routes.on(HandlerType.POST, BASE + "delete", null, this::delete);
    routes.on(HandlerType.GET, BASE + "acls/list", null, this::listPermissions);
    routes.on(HandlerType.GET, BASE + "acls/get", null, this::getPermission);
    routes.on(HandlerType.POST, BASE + "acls/put", null, this::putPermission);
    routes.on(HandlerType.POST, BASE + "acls/delete", null, this::deletePermission);
  }

  private void listScopes(ApiCall call) {
    call.onlyQuery();
    ObjectNode answer = Json.object();
    for (String scope : scopes.names()) {
      answer.withArray("scopes").addObject().put("name", scope).put("backend_type", "DATABRICKS");
    }
    call.answer(answer);
  }

  private void createScope(ApiCall call) throws IOException {
    JsonNode body = call.body(NEW_SCOPE);
    if ("AZURE_KEYVAULT".equals(Json.text(body, "scope_backend_type"))
        || body.hasNonNull("backend_azure_keyvault")) {
      throw ApiRefusal.of(
          400, "BAD_REQUEST", "A local workspace has no scopes that Azure Key Vault keeps.");
    }
    scopes.make(
        body.get("scope").asText(), user(call), Json.text(body, "initial_manage_principal"));
    call.answer(Json.object());
  }

  private void deleteScope(ApiCall call) throws IOException {
    scopes.delete(call.body(SCOPE).get("scope").asText(), user(call));
    call.answer(Json.object());
  }

  private void list(ApiCall call) throws IOException {
    call.onlyQuery("scope");
    String scope = asked(call, "scope");
    ObjectNode answer = Json.object();
    for (String key : scopes.keys(scope, user(call))) {
      answer
          .withArray("secrets")
          .addObject()
          .put("key", key)
          .put("last_updated_timestamp", scopes.written(scope, key));
    }
    call.answer(answer);
  }

  private void get(ApiCall call) throws IOException {
    call.onlyQuery("scope", "key");
    String key = asked(call, "key");
    byte[] value = scopes.value(asked(call, "scope"), key, user(call));
    call.answer(
        Json.object().put("key", key).put("value", Base64.getEncoder().encodeToString(value)));
  }

  private void put(ApiCall call) throws IOException {
    JsonNode body = call.body(NEW_SECRET);
    String text = body.path("string_value").asText();
    String bytes = body.path("bytes_value").asText();
    if (text.isEmpty() == bytes.isEmpty()) {
      throw ApiRefusal.malformed("Exactly one of string_value and bytes_value must be given.");
    }
    scopes.put(
        body.get("scope").asText(),
        body.get("key").asText(),
        text.isEmpty() ? decoded(bytes) : text.getBytes(StandardCharsets.UTF_8),
        user(call));
    call.answer(Json.object());
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Its message would quote what may be part of a secret.
      throw ApiRefusal.malformed("bytes_value is not Base64.");
    }
  }

  private void delete(ApiCall call) throws IOException {
    JsonNode body = call.body(SECRET);
    scopes.deleteSecret(body.get("scope").asText(), body.get("key").asText(), user(call));
    call.answer(Json.object());
  }

  private void listPermissions(ApiCall call) throws IOException {
    call.onlyQuery("scope");
    ObjectNode answer = Json.object();
    ArrayNode items = answer.putArray("items");
    scopes
        .permissions(asked(call, "scope"), user(call))
        .forEach((principal, permission) -> items.add(json(principal, permission)));
    call.answer(answer);
  }

  private void getPermission(ApiCall call) throws IOException {
    call.onlyQuery("scope", "principal");
    String scope = asked(call, "scope");
    String principal = asked(call, "principal");
    Map<String, Permission> granted = scopes.permissions(scope, user(call));
    Permission permission = granted.get(principal);
    if (permission == null) {
      throw SecretScopes.noPermission(scope, principal);
    }
    call.answer(json(principal, permission));
  }

  private void putPermission(ApiCall call) throws IOException {
    JsonNode body = call.body(GRANT);
    scopes.grant(
        body.get("scope").asText(),
        body.get("principal").asText(),
        Permission.valueOf(body.get("permission").asText()),
        user(call));
    call.answer(Json.object());
  }

  private void deletePermission(ApiCall call) throws IOException {
    JsonNode body = call.body(PRINCIPAL);
    scopes.revoke(body.get("scope").asText(), body.get("principal").asText(), user(call));
    call.answer(Json.object());
  }

  private static ObjectNode json(String principal, Permission permission) {
    return Json.object().put("principal", principal).put("permission", permission.name());
  }

  private static String user(ApiCall call) {
    return call.caller().user();
  }

  private static String asked(ApiCall call, String name) {
    String value = call.query(name);
    if (value == null || value.isEmpty()) {
      throw ApiRefusal.invalidParameter("Missing required field: " + name);
    }
    return value;
  }
}
