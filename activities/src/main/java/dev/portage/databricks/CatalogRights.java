package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may do with things of Unity Catalog, as far as it shows that. Groups are known only
 * as far as the workspace tells them, and an owner's rights stand in no list: what can't be decided
 * is a note, and only what is surely missing is a lack.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/grants/geteffective">Effective
 *     permissions</a>
 */
final class CatalogRights {
  private static final String CATALOG = "/api/2.1/unity-catalog/";
  private static final Set<String> EVERYBODY = Set.of("account users", "users");
  private static final int MOST_PAGES = 50;

  private final DatabricksApi api;
  private final String what;
  private final UnaryOperator<String> purpose;
  private final Set<String> names = new HashSet<>();
  private final @Nullable String known;

  private CatalogRights(
      DatabricksApi api, String what, UnaryOperator<String> purpose, @Nullable String known) {
    this.api = api;
    this.what = what;
    this.purpose = purpose;
    this.known = known;
    if (known != null) {
      names.add(known.toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Those of the login and of the groups that the workspace tells it.
   *
   * @param what what findings are about
   * @param purpose what a right is needed for, to be put behind a sentence; "" for nothing
   */
  static CatalogRights ofLogin(DatabricksApi api, String what, UnaryOperator<String> purpose) {
    HttpAnswer me = api.probe("identify the login", "GET", Me.PATH, null);
    CatalogRights rights =
        new CatalogRights(
            api, what, purpose, me.isSuccess() ? me.json().path("userName").textValue() : null);
    if (rights.known != null) {
      me.json()
          .path("groups")
          .forEach(
              group -> rights.names.add(group.path("display").asText().toLowerCase(Locale.ROOT)));
    }
    return rights;
  }

  /** Those of somebody else, whose groups are not known. */
  static CatalogRights ofPrincipal(
      DatabricksApi api, String what, UnaryOperator<String> purpose, String principal) {
    return new CatalogRights(api, what, purpose, principal);
  }

  /** Kinds of things that rights are granted on. */
  enum SecurableType {
    CATALOG("catalogs"),
    SCHEMA("schemas"),
    TABLE("tables"),
    /** A registered model: Unity Catalog grants rights on it as on a function. */
    FUNCTION("models");

    private final String path;

    SecurableType(String path) {
      this.path = path;
    }

    /** In the API of grants. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** In messages. */
    String words() {
      return this == FUNCTION ? "model" : word();
    }
  }

  /**
   * A thing that rights are granted on.
   *
   * @param name full name
   * @param rights that are needed on it
   */
  record Securable(SecurableType type, String name, List<String> rights) {
    String grant(String right, String login) {
      return "GRANT "
          + right.replace('_', ' ')
          + " ON "
          + type.name()
          + " "
          + name
          + " TO `"
          + login
          + "`";
    }
  }

  /** Rights that the login is not shown. */
  static final class NotSeen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSeen(String why) {
      super(why, null, false, false);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  /** Whose they are, as messages name them. */
  String name() {
    return known == null ? "<login>" : known;
  }

  /**
   * What is missing, or can't be decided.
   *
   * @throws NotSeen if rights are not shown at all
   */
  List<Finding> missing(List<Securable> securables) {
    List<Finding> findings = new ArrayList<>();
    for (Securable securable : securables) {
      findings.addAll(look(securable));
    }
    return findings;
  }

  private List<Finding> look(Securable securable) {
    Map<String, Set<String>> granted = granted(securable);
    List<String> missing =
        securable.rights().stream()
            .filter(right ->
                granted.entrySet().stream()
                    .noneMatch(each -> isOurs(each.getKey()) && grants(each.getValue(), right)))
            .toList();
    if (missing.isEmpty() || isOwner(securable)) {
      return List.of();
    }
    return missing.stream().map(right -> finding(securable, right, granted)).toList();
  }

  private Finding finding(Securable securable, String right, Map<String, Set<String>> granted) {
    String where = api.workspace().where();
    String words = right.replace('_', ' ');
    String on = securable.type().words() + " " + securable.name();
    Set<String> groups = new TreeSet<>();
    granted.forEach((principal, rights) -> {
      if (grants(rights, right) && !principal.contains("@") && !Me.isApplication(principal)) {
        groups.add(principal);
      }
    });
    String remedy = securable.grant(right, name());
    if (known == null || granted.isEmpty() || !groups.isEmpty()) {
      return new Finding(
          where,
          what,
          Verdict.NOTE,
          words
              + " on "
              + on
              + " is not checked: "
              + (known == null
                  ? "the workspace doesn't tell the login its name"
                  : granted.isEmpty()
                      ? name() + " sees no grants on it"
                      : "it is granted to "
                          + String.join(", ", groups)
                          + ", and whether "
                          + name()
                          + " belongs there can't be seen"),
          "If it is missing: " + remedy);
    }
    return Finding.failed(
        where, what, name() + " has no " + words + " on " + on + purpose.apply(right), remedy);
  }

  /** Rights by who has them, also through what they were granted on above. */
  private Map<String, Set<String>> granted(Securable securable) {
    Map<String, Set<String>> granted = new LinkedHashMap<>();
    String tried = "read the rights on " + securable.type().words() + " " + securable.name();
    String path =
        CATALOG
            + "effective-permissions/"
            + securable.type().word()
            + "/"
            + DatabricksApi.escaped(securable.name())
            + "?max_results=0";
    @Nullable String token = null;
    int pages = 0;
    do {
      HttpAnswer answer =
          api.probe(
              tried,
              "GET",
              token == null ? path : path + "&page_token=" + DatabricksApi.escaped(token),
              null);
      if (!answer.isSuccess() || !answer.json().isObject()) {
        throw new NotSeen(notSeen(answer, securable));
      }
      for (JsonNode assignment : answer.json().path("privilege_assignments")) {
        Set<String> rights =
            granted.computeIfAbsent(assignment.path("principal").asText(), any -> new TreeSet<>());
        assignment.path("privileges").forEach(each -> rights.add(each.path("privilege").asText()));
      }
      token = answer.json().path("next_page_token").textValue();
    } while (token != null && !token.isEmpty() && ++pages < MOST_PAGES);
    return granted;
  }

  private static String notSeen(HttpAnswer answer, Securable securable) {
    return DatabricksErrors.isNotThere(answer) || answer.status() == 404
        ? "this workspace has no Unity Catalog, or doesn't tell of rights in it"
        : "the rights on "
            + securable.type().words()
            + " "
            + securable.name()
            + " can't be read: "
            + RightProbes.said(answer);
  }

  private boolean isOurs(String principal) {
    String name = principal.toLowerCase(Locale.ROOT);
    return names.contains(name) || EVERYBODY.contains(name);
  }

  /** All privileges do not include to manage. */
  private static boolean grants(Set<String> rights, String right) {
    return rights.contains(right) || (rights.contains("ALL_PRIVILEGES") && !right.equals("MANAGE"));
  }

  /** Who owns it, or what it lies in, may do everything with it. */
  private boolean isOwner(Securable securable) {
    List<String> parts = List.of(securable.name().split("\\.", -1));
    List<SecurableType> types =
        List.of(SecurableType.CATALOG, SecurableType.SCHEMA, securable.type());
    for (int many = parts.size(); many > 0; many--) {
      String name = String.join(".", parts.subList(0, many));
      if (owner(types.get(many - 1), name).filter(this::isOurs).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> owner(SecurableType type, String name) {
    HttpAnswer answer =
        api.probe(
            "read who owns " + name,
            "GET",
            CATALOG + type.path + "/" + DatabricksApi.escaped(name),
            null);
    return answer.isSuccess()
        ? Optional.ofNullable(answer.json().path("owner").textValue())
        : Optional.empty();
  }
}
