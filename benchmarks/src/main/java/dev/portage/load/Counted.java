package dev.portage.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.registry.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the results in MLflow by plain HTTP, without trusting anything that Portage reports. */
final class Counted {
  private static final String LIVE = "Production";

  private final Map<String, List<JsonNode>> origin;
  private final Map<String, List<JsonNode>> target;
  private final Map<String, List<JsonNode>> copies = new HashMap<>();

  private Counted(LoadWorld world) {
    origin = byModel(world.mlflow("dev").versions());
    Mlflow prod = world.mlflow("prod");
    target = byModel(prod.versions());
    prod.find(Promotions.COPIES)
        .ifPresent(experiment ->
            prod.runs(experiment)
                .forEach(run ->
                    copies
                        .computeIfAbsent(
                            Mlflow.tag(run.path("data"), Tags.PROMOTION), _ -> new ArrayList<>())
                        .add(run)));
  }

  /** Counts now. */
  static Counted now(LoadWorld world) {
    return new Counted(world);
  }

  private static Map<String, List<JsonNode>> byModel(List<JsonNode> versions) {
    Map<String, List<JsonNode>> models = new HashMap<>();
    versions.forEach(version ->
        models.computeIfAbsent(version.path("name").asText(), _ -> new ArrayList<>()).add(version));
    return models;
  }

  /**
   * Each promotion made one version of one run, which is live, and the origin's is marked live.
   *
   * @return what was counted, in a line
   * @throws LoadException with the first that is otherwise
   */
  String released(Promotions promotions) {
    for (int i = 0; i < promotions.size(); i++) {
      String id = promotions.ids().get(i);
      Models.Version version = promotions.versions().get(i);
      JsonNode made = only(target.get(version.model()), "version of " + version.model(), id);
      JsonNode run = only(copies.get(id), "run", id);
      same(made.path("run_id").asText(), run.path("info").path("run_id").asText(), id, "run");
      same(Mlflow.tag(made, Tags.PROMOTION), id, id, "tag " + Tags.PROMOTION);
      same(made.path("current_stage").asText(), LIVE, id, "stage in prod");
      JsonNode trained = only(origin.get(version.model()), "version in dev", id);
      same(trained.path("current_stage").asText(), LIVE, id, "stage in dev");
    }
    return promotions.size()
        + " promotions: each made one version of one run in prod, and its stage is Production in"
        + " both workspaces";
  }

  /**
   * Of promotions that were cancelled on their way, those that came through made one version, and
   * the others none.
   *
   * @param through ids of those that came through
   */
  String releasedOrNothing(Promotions promotions, List<String> through) {
    for (int i = 0; i < promotions.size(); i++) {
      String id = promotions.ids().get(i);
      List<JsonNode> made = target.getOrDefault(promotions.versions().get(i).model(), List.of());
      List<JsonNode> live =
          made.stream()
              .filter(version -> version.path("current_stage").asText().equals(LIVE))
              .toList();
      int expected = through.contains(id) ? 1 : 0;
      same(String.valueOf(live.size()), String.valueOf(expected), id, "number of live versions");
      if (made.size() > 1) {
        throw new LoadException(id + " is not exact: " + made.size() + " versions");
      }
    }
    return through.size()
        + " of "
        + promotions.size()
        + " large ones came through, with one version each that is live; of the others, cancelled,"
        + " none is";
  }

  /** Nothing of them is in the target. */
  String untouched(List<Promotions> all) {
    int count = 0;
    for (Promotions promotions : all) {
      for (int i = 0; i < promotions.size(); i++) {
        String id = promotions.ids().get(i);
        String model = promotions.versions().get(i).model();
        if (target.containsKey(model) || copies.containsKey(id)) {
          throw new LoadException(id + " has changed prod without a decision");
        }
        count++;
      }
    }
    return count + " undecided promotions: nothing of them is in prod";
  }

  /**
   * Of several promotions of one model each made one version of one run; one is live, and all
   * others were before.
   */
  String releasedOneAfterAnother(Promotions promotions) {
    String model = promotions.versions().getFirst().model();
    List<JsonNode> versions = target.getOrDefault(model, List.of());
    Map<String, Integer> made = new HashMap<>();
    Map<String, Integer> stages = new HashMap<>();
    for (JsonNode version : versions) {
      made.merge(Mlflow.tag(version, Tags.PROMOTION), 1, Integer::sum);
      stages.merge(version.path("current_stage").asText(), 1, Integer::sum);
    }
    for (String id : promotions.ids()) {
      same(String.valueOf(made.get(id)), "1", id, "number of versions");
      only(copies.get(id), "run", id);
    }
    int all = promotions.size();
    same(String.valueOf(versions.size()), String.valueOf(all), model, "number of versions");
    same(String.valueOf(stages.get(LIVE)), "1", model, "number of versions in Production");
    same(
        String.valueOf(stages.getOrDefault("Archived", 0)),
        String.valueOf(all - 1),
        model,
        "number of versions that were in Production before");
    return all
        + " promotions of one model: each made one version of one run, one is in Production, "
        + (all - 1)
        + " were";
  }

  private static JsonNode only(@Nullable List<JsonNode> all, String what, String id) {
    if (all == null || all.size() != 1) {
      throw new LoadException(
          id + " is not exact: " + (all == null ? 0 : all.size()) + " × " + what + ", not 1");
    }
    return all.getFirst();
  }

  private static void same(String is, String should, String id, String what) {
    if (!is.equals(should)) {
      throw new LoadException(id + " is not exact: " + what + " is " + is + ", not " + should);
    }
  }
}
