package dev.portage.platform;

import dev.portage.document.Reading;
import dev.portage.document.YamlDocument;
import dev.portage.freeze.Freeze;
import dev.portage.keyvault.VaultSettings;
import dev.portage.settings.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The platform file as written, with its defaults.
 *
 * @param fileName how the file was named
 * @param workspaces all of them, in the file's order
 * @param path names of the workspaces that a promotion goes through, at least two
 * @param identity how people are known
 * @param members people of groups, their other names, and who is told of what
 * @param services what it uses besides its workspaces
 * @param rules what it demands of promotions
 * @param origins file and line of every value in the file, by names as "workspaces.dev.pool"
 */
public record Platform(
    String fileName,
    List<Workspace> workspaces,
    List<String> path,
    Identity identity,
    Members members,
    Services services,
    Rules rules,
    Map<String, String> origins) {

  public Platform {
    workspaces = List.copyOf(workspaces);
    path = List.copyOf(path);
    origins = Map.copyOf(origins);
  }

  /**
   * What a platform demands of promotions.
   *
   * @param tiers how strict it is with which models, in order; the first that matches counts
   * @param freezes times in which nothing goes live
   */
  public record Rules(List<Tier> tiers, List<PlannedFreeze> freezes) {
    public Rules {
      tiers = List.copyOf(tiers);
      freezes = List.copyOf(freezes);
    }
  }

  /** How strict it is with which models, in order; the first that matches counts. */
  public List<Tier> tiers() {
    return rules.tiers();
  }

  /**
   * What a platform uses besides its workspaces.
   *
   * @param ledger where releases are to be recorded beyond the workspaces, null for nowhere; not in
   *     force in this release
   * @param keyVault how Key Vault is reached
   */
  public record Services(@Nullable String ledger, VaultSettings keyVault) {}

  /** Where releases are to be recorded beyond the workspaces, null for nowhere. */
  public @Nullable String ledger() {
    return services.ledger();
  }

  /** How Key Vault is reached. */
  public VaultSettings keyVault() {
    return services.keyVault();
  }

  /**
   * Who people are.
   *
   * @param groups people of each group
   * @param people other names of people who have several
   * @param receivers who is told of what
   */
  public record Members(
      Map<String, List<String>> groups,
      Map<String, List<String>> people,
      List<Receiver> receivers) {

    public Members {
      groups = copy(groups);
      people = copy(people);
      receivers = List.copyOf(receivers);
    }

    private static Map<String, List<String>> copy(Map<String, List<String>> lists) {
      Map<String, List<String>> copies = new HashMap<>();
      lists.forEach((name, list) -> copies.put(name, List.copyOf(list)));
      return Map.copyOf(copies);
    }
  }

  /** People of each group. */
  public Map<String, List<String>> groups() {
    return members.groups();
  }

  /** Other names of people who have several. */
  public Map<String, List<String>> people() {
    return members.people();
  }

  /** Who is told of what. */
  public List<Receiver> receivers() {
    return members.receivers();
  }

  /** Reads and checks a file. Uses nothing but the text, reads no secret. */
  public static Reading<Platform> read(String fileName, String text, Kinds kinds) {
    return YamlDocument.read(fileName, text)
        .then(LiteralSecrets::refuse)
        .then(document -> new PlatformReader(document, kinds).read());
  }

  /** The workspace of that name. */
  public Optional<Workspace> workspace(String name) {
    return workspaces.stream().filter(workspace -> workspace.name().equals(name)).findFirst();
  }

  /** Names of all workspaces, in the file's order. */
  public List<String> names() {
    return workspaces.stream().map(Workspace::name).toList();
  }

  /** Names of all workspaces: those of the path in its order, then the others in the file's. */
  public List<String> inOrder() {
    List<String> names = new ArrayList<>(path);
    names().stream().filter(name -> !path.contains(name)).forEach(names::add);
    return names;
  }

  /**
   * The tier of a model: the first one that matches any of its names. Whoever may name the model
   * can't have it judged by a name that the platform knows nothing of.
   *
   * @param names the model's name, and that of its registered model
   */
  public Optional<Tier> tierOf(String... names) {
    return rules.tiers().stream()
        .filter(tier -> Stream.of(names).anyMatch(tier::matches))
        .findFirst();
  }

  /** Who is told of a model by any of its names, each of what it wants to hear. */
  public List<Receiver> receiversOf(String... names) {
    return members.receivers().stream()
        .filter(one -> Stream.of(names).anyMatch(one::hearsOf))
        .toList();
  }

  /** The receiver of that name. */
  public Optional<Receiver> receiver(String name) {
    return members.receivers().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The freezes of a workspace that stand in the file, past ones too. */
  public List<Freeze> freezesOf(String workspace) {
    return rules.freezes().stream().flatMap(planned -> planned.of(workspace).stream()).toList();
  }

  /** File and line of a value, such as "portage.yaml:9"; "default" if the file does not give it. */
  public String origin(String name) {
    return origins.getOrDefault(name, "default");
  }
}
