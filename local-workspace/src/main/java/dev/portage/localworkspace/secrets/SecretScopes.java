package dev.portage.localworkspace.secrets;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secret scopes of a workspace with their permissions. A scope that someone made by hand, as a
 * folder, is open to all users. Names don't depend on case.
 *
 * @see <a href="https://docs.databricks.com/aws/en/security/secrets/">Secret management</a>
 */
public final class SecretScopes {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@-][A-Za-z0-9_.@-]{0,127}");
  private static final int LARGEST = 128 * 1024;
  private static final int MOST = 1000;
  private static final String ALL = "users";
  private static final String ADMINS = "admins";

  /** In a scope's folder: principals with their permissions. */
  private static final String PERMISSIONS = ".permissions";

  private final SecretFiles files;
  private final Set<String> users;
  private final Set<String> admins;

  /**
   * The scopes in a folder.
   *
   * @param users all users of the workspace
   * @param admins those who may manage every scope
   */
  public SecretScopes(Path folder, Set<String> users, Set<String> admins) {
    this.files = new SecretFiles(folder);
    this.users = Set.copyOf(users);
    this.admins = Set.copyOf(admins);
  }

  /** All of them. */
  synchronized List<String> names() {
    return files.scopes();
  }

  synchronized void make(String scope, String user, @Nullable String manager) throws IOException {
    requireName(scope, "Scope");
    if (manager != null && !manager.equals(ALL)) {
      throw ApiRefusal.invalidParameter(
          "initial_manage_principal can only be 'users', not '" + manager + "'");
    }
    if (SecretFiles.find(files.scopes(), scope).isPresent()) {
      throw ApiRefusal.of(400, "RESOURCE_ALREADY_EXISTS", "Scope " + scope + " already exists!");
    }
    requireRoom(files.scopes(), "scopes in the workspace");
    files.makeScope(scope);
    keep(scope, Map.of(manager == null ? user : manager, Permission.MANAGE));
  }

  synchronized void delete(String scope, String user) throws IOException {
    files.deleteScope(allowed(scope, user, Permission.MANAGE));
  }

  synchronized List<String> keys(String scope, String user) {
    return files.keys(allowed(scope, user, Permission.READ));
  }

  /** When a secret was written, in milliseconds since 1970. */
  synchronized long written(String scope, String key) throws IOException {
    return Files.getLastModifiedTime(files.file(scope, key)).toMillis();
  }

  /** The value; a newline that ends the file, as editors write it, is no part of it. */
  synchronized byte[] value(String scope, String key, String user) throws IOException {
    String folder = allowed(scope, user, Permission.READ);
    String name = SecretFiles.find(files.keys(folder), key).orElseThrow(() -> noSecret(scope, key));
    byte[] content = Files.readAllBytes(files.file(folder, name));
    int last = content.length - 1;
    return last >= 0 && content[last] == '\n' ? Arrays.copyOf(content, last) : content;
  }

  synchronized void put(String scope, String key, byte[] value, String user) throws IOException {
    String folder = allowed(scope, user, Permission.WRITE);
    requireName(key, "Key");
    if (value.length > LARGEST) {
      throw ApiRefusal.invalidParameter(
          "The secret has " + value.length + " bytes; at most " + LARGEST + " are allowed.");
    }
    String name = SecretFiles.find(files.keys(folder), key).orElse(null);
    if (name == null) {
      requireRoom(files.keys(folder), "secrets in scope " + scope);
      name = key;
    }
    byte[] content = Arrays.copyOf(value, value.length + 1);
    content[value.length] = '\n';
    files.write(folder, name, content);
  }

  synchronized void deleteSecret(String scope, String key, String user) throws IOException {
    String folder = allowed(scope, user, Permission.WRITE);
    String name = SecretFiles.find(files.keys(folder), key).orElseThrow(() -> noSecret(scope, key));
    Files.delete(files.file(folder, name));
  }

  /** Who may do what, for who may manage it. */
  synchronized Map<String, Permission> permissions(String scope, String user) throws IOException {
    return granted(allowed(scope, user, Permission.MANAGE));
  }

  synchronized void grant(String scope, String principal, Permission permission, String user)
      throws IOException {
    String folder = allowed(scope, user, Permission.MANAGE);
    if (!users.contains(principal) && !principal.equals(ALL) && !principal.equals(ADMINS)) {
      throw ApiRefusal.invalidParameter("Principal " + principal + " does not exist.");
    }
    Map<String, Permission> all = new TreeMap<>(granted(folder));
    all.put(principal, permission);
    keep(folder, all);
  }

  synchronized void revoke(String scope, String principal, String user) throws IOException {
    String folder = allowed(scope, user, Permission.MANAGE);
    Map<String, Permission> all = new TreeMap<>(granted(folder));
    if (all.remove(principal) == null) {
      throw noPermission(scope, principal);
    }
    keep(folder, all);
  }

  static ApiRefusal noPermission(String scope, String principal) {
    return gone("Scope " + scope + " has no ACL for principal " + principal + ".");
  }

  /** The folder of a scope with which a user may do this. */
  private String allowed(String scope, String user, Permission needed) {
    String folder =
        SecretFiles.find(files.scopes(), scope)
            .orElseThrow(() -> gone("Scope " + scope + " does not exist!"));
    try {
      Map<String, Permission> granted = granted(folder);
      boolean allowed =
          admins.contains(user)
              || granted.entrySet().stream()
                  .filter(one -> one.getKey().equals(user) || one.getKey().equals(ALL))
                  .anyMatch(one -> one.getValue().compareTo(needed) >= 0);
      if (!allowed) {
        throw ApiRefusal.permissionDenied(
            "User " + user + " does not have " + needed + " permission on scope " + scope + ".");
      }
    } catch (IOException e) {
      throw ApiRefusal.of(
          500, "INTERNAL_ERROR", "The permissions of scope " + scope + " can't be read.");
    }
    return folder;
  }

  private Map<String, Permission> granted(String folder) throws IOException {
    Path file = files.file(folder, PERMISSIONS);
    if (Files.notExists(file)) {
      return Map.of(ALL, Permission.MANAGE);
    }
    Map<String, Permission> granted = new TreeMap<>();
    Json.read(Files.readAllBytes(file))
        .properties()
        .forEach(one -> granted.put(one.getKey(), Permission.valueOf(one.getValue().asText())));
    return granted;
  }

  private void keep(String folder, Map<String, Permission> granted) throws IOException {
    ObjectNode document = Json.object();
    granted.forEach((principal, permission) -> document.put(principal, permission.name()));
    files.write(folder, PERMISSIONS, Json.bytes(document));
  }

  private static void requireName(String name, String what) {
    if (!NAME.matcher(name).matches()) {
      throw ApiRefusal.invalidParameter(
          what
              + " name must consist of alphanumeric characters, dashes, underscores, @ and periods,"
              + " and may not exceed 128 characters.");
    }
  }

  private static void requireRoom(List<String> there, String what) {
    if (there.size() >= MOST) {
      throw ApiRefusal.of(
          400, "RESOURCE_LIMIT_EXCEEDED", "There are " + MOST + " " + what + " already.");
    }
  }

  private static ApiRefusal noSecret(String scope, String key) {
    return gone("Secret does not exist with scope: " + scope + " and key: " + key);
  }

  private static ApiRefusal gone(String text) {
    return ApiRefusal.notFound("RESOURCE_DOES_NOT_EXIST", text);
  }
}
