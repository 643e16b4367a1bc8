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
import org.jspecify.annotations.Nullable;

/**
 * Whether the login may create, write and drop tables beside the live one, as far as Unity Catalog
 * shows it. Its groups are known only as far as the workspace tells them, and an owner's rights
 * stand in no list: what can't be decided is a note, and only what is surely missing is a lack.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/grants/geteffective">Effective
 *     permissions</a>
 */
public final class TableRights {
  private static final String CATALOG = "/api/2.1/unity-catalog/";
  private static final Set<String> EVERYBODY = Set.of("account users", "users");

  private final DatabricksClients clients;

  /** Rights in these workspaces. */
  public TableRights(DatabricksClients clients) {
    this.clients = clients;
  }

  /**
   * Looks at the rights for a live table and the runs' own tables beside it.
   *
   * @param table full name of the live table
   * @param exists whether there is one
   * @param publishes whether predictions are published into it; a rehearsal only reads it
   * @param byTheirJob whether a job of the team's makes tables, which are then its own
   */
  public List<Finding> look(
      String workspace, String table, boolean exists, boolean publishes, boolean byTheirJob) {
    List<String> parts = List.of(table.split("\\.", -1));
    DatabricksApi api = clients.of(workspace);
    if (parts.size() != 3) {
      return List.of(
          unchecked(api, table, "only Unity Catalog tells them, for catalog.schema.table"));
    }
    List<Finding> found = new Look(api, table, parts, exists, publishes, byTheirJob).findings();
    // Whom a job of the team's runs as has the rights that count.
    return byTheirJob ? found.stream().map(TableRights::noted).toList() : found;
  }

  private static Finding noted(Finding found) {
    return found.verdict() == Verdict.LACK
        ? new Finding(found.where(), found.what(), Verdict.NOTE, found.text(), found.remedy())
        : found;
  }

  private static Finding unchecked(DatabricksApi api, String table, String why) {
    return new Finding(
        api.workspace().where(), what(table), Verdict.NOTE, "not checked: " + why, null);
  }

  private static String what(String table) {
    return "rights on table " + table;
  }

  /**
   * A thing that rights are granted on.
   *
   * @param type as the API has it
   * @param name full name
   * @param rights that are needed on it
   */
  private record Securable(String type, String name, List<String> rights) {
    String grant(String right, String login) {
      return "GRANT "
          + right.replace('_', ' ')
          + " ON "
          + type.toUpperCase(Locale.ROOT)
          + " "
          + name
          + " TO `"
          + login
          + "`";
    }
  }

  /** Who may not be seen. */
  private static final class NotSeen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSeen(String why) {
      super(why, null, false, false);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  private static final class Look {
    private final DatabricksApi api;
    private final String table;
    private final List<Securable> securables = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private String login = "<login>";
    private boolean isKnown;

    Look(
        DatabricksApi api,
        String table,
        List<String> parts,
        boolean exists,
        boolean publishes,
        boolean byTheirJob) {
      this.api = api;
      this.table = table;
      String schema = parts.get(0) + "." + parts.get(1);
      List<String> inSchema = new ArrayList<>(List.of("USE_SCHEMA", "CREATE_TABLE"));
      if (byTheirJob) {
        inSchema.add("MANAGE");
      }
      securables.add(new Securable("catalog", parts.get(0), List.of("USE_CATALOG")));
      securables.add(new Securable("schema", schema, inSchema));
      if (exists) {
        securables.add(
            new Securable(
                "table", table, publishes ? List.of("SELECT", "MODIFY") : List.of("SELECT")));
      }
    }

    List<Finding> findings() {
      identify();
      List<Finding> findings = new ArrayList<>();
      try {
        for (Securable securable : securables) {
          findings.addAll(look(securable));
        }
      } catch (NotSeen notSeen) {
        return List.of(unchecked(api, table, notSeen.why()));
      }
      return findings.isEmpty()
          ? List.of(
              Finding.ok(
                  api.workspace().where(),
                  what(table),
                  login + " may create, write and drop what promotions need"))
          : findings;
    }

    private void identify() {
      HttpAnswer me = api.probe("identify the login", "GET", Me.PATH, null);
      String user = me.isSuccess() ? me.json().path("userName").textValue() : null;
      if (user != null) {
        isKnown = true;
        login = user;
        names.add(user.toLowerCase(Locale.ROOT));
        me.json()
            .path("groups")
            .forEach(group -> names.add(group.path("display").asText().toLowerCase(Locale.ROOT)));
      }
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
      String name = right.replace('_', ' ');
      String on = securable.type() + " " + securable.name();
      Set<String> groups = new TreeSet<>();
      granted.forEach((principal, rights) -> {
        if (grants(rights, right) && !principal.contains("@") && !Me.isApplication(principal)) {
          groups.add(principal);
        }
      });
      String remedy = securable.grant(right, login);
      if (!isKnown || granted.isEmpty() || !groups.isEmpty()) {
        return new Finding(
            where,
            what(table),
            Verdict.NOTE,
            name
                + " on "
                + on
                + " is not checked: "
                + (!isKnown
                    ? "the workspace doesn't tell the login its name"
                    : granted.isEmpty()
                        ? login + " sees no grants on it"
                        : "it is granted to "
                            + String.join(", ", groups)
                            + ", and whether "
                            + login
                            + " belongs there can't be seen"),
            "If it is missing: " + remedy);
      }
      return Finding.failed(
          where, what(table), login + " has no " + name + " on " + on + purpose(right), remedy);
    }

    private static String purpose(String right) {
      return switch (right) {
        case "CREATE_TABLE" -> "; each run writes a table of its own first";
        case "MODIFY" -> "; predictions are published into it";
        case "MANAGE" -> "; tables that the job creates could not be dropped";
        default -> "";
      };
    }

    /** Rights by who has them, also through what they were granted on above. */
    private Map<String, Set<String>> granted(Securable securable) {
      Map<String, Set<String>> granted = new LinkedHashMap<>();
      String tried = "read the rights on " + securable.type() + " " + securable.name();
      String path =
          CATALOG
              + "effective-permissions/"
              + securable.type()
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
              granted.computeIfAbsent(
                  assignment.path("principal").asText(), any -> new TreeSet<>());
          assignment
              .path("privileges")
              .forEach(each -> rights.add(each.path("privilege").asText()));
        }
        token = answer.json().path("next_page_token").textValue();
      } while (token != null && !token.isEmpty() && ++pages < 50);
      return granted;
    }

    private static String notSeen(HttpAnswer answer, Securable securable) {
      return DatabricksErrors.isNotThere(answer) || answer.status() == 404
          ? "this workspace has no Unity Catalog, or doesn't tell of rights in it"
          : "the rights on "
              + securable.type()
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
      return rights.contains(right)
          || (rights.contains("ALL_PRIVILEGES") && !right.equals("MANAGE"));
    }

    /** Who owns it, or what it lies in, may do everything with it. */
    private boolean isOwner(Securable securable) {
      List<String> parts = List.of(securable.name().split("\\.", -1));
      for (int many = parts.size(); many > 0; many--) {
        String type = List.of("catalogs", "schemas", "tables").get(many - 1);
        String name = String.join(".", parts.subList(0, many));
        if (owner(type, name).filter(this::isOurs).isPresent()) {
          return true;
        }
      }
      return false;
    }

    private Optional<String> owner(String type, String name) {
      HttpAnswer answer =
          api.probe(
              "read who owns " + name,
              "GET",
              CATALOG + type + "/" + DatabricksApi.escaped(name),
              null);
      return answer.isSuccess()
          ? Optional.ofNullable(answer.json().path("owner").textValue())
          : Optional.empty();
    }
  }
}
