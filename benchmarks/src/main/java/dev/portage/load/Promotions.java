package dev.portage.load;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.promotion.PromotionStart;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.PromotionWorkflow;
import dev.portage.start.DraftMaker;
import dev.portage.start.StartRequest;
import dev.portage.start.Starter;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Promotions of existing versions, started as {@code portage start} does after its preflight. */
final class Promotions extends Crowd {
  /** Experiment of the copies in the second workspace. */
  static final String COPIES = "/Shared/load-copies";

  private static final String STARTER = "sam@example.com";
  private static final String APPROVER = "ana@example.com";

  private final List<Models.Version> versions;
  private final List<PromotionStart> starts;

  private Promotions(
      LoadWorld world, String name, List<Models.Version> versions, List<PromotionStart> starts) {
    super(world, "promotion/" + name, starts.stream().map(PromotionStart::workflowId).toList());
    this.versions = List.copyOf(versions);
    this.starts = List.copyOf(starts);
  }

  /**
   * Promotions of models of their own, not yet started.
   *
   * @param name what the names of the models begin with
   * @param large a file that each contains in addition to the tiny one, null for none
   */
  static Promotions ofModels(LoadWorld world, String name, int count, @Nullable Path large)
      throws IOException {
    List<String> names =
        IntStream.range(0, count).mapToObj(i -> "%s-%05d".formatted(name, i)).toList();
    Path folder = world.folder(name);
    for (String model : names) {
      file(folder, model);
    }
    return of(world, name + "-", folder, new Models(world).oneEach(names, large));
  }

  /** Promotions that wait for people: those of a measurement before, or new ones. */
  static Promotions waiting(LoadWorld world, String name, int count) throws IOException {
    Optional<Promotions> kept = world.kept(count);
    if (kept.isPresent()) {
      return kept.get();
    }
    world.say(name + ": starting " + count);
    Promotions promotions = ofModels(world, name, count, null);
    promotions.startAndAwait(Scenario.TIMEOUT);
    return promotions;
  }

  /** Promotions of given versions by files of a folder, each named after its model. */
  static Promotions of(LoadWorld world, String prefix, Path folder, List<Models.Version> versions) {
    List<PromotionStart> starts = new ArrayList<>();
    for (Models.Version version : versions) {
      StartRequest request =
          StartRequest.of(Path.of(version.model() + ".yaml"))
              .version(version.number())
              .by(STARTER)
              .build();
      starts.add(new DraftMaker(request, Map.of(), folder, true).forStart().start());
    }
    return new Promotions(world, prefix, versions, starts);
  }

  /**
   * The same, as from one commit: at each turn the gates can compare them with the champion, so
   * that the decision stands. With versions without a commit, a person would be asked again each
   * time. Older ones may follow newer ones: approved at once, they come in any order.
   */
  Promotions asOfCommit(String prefix, String commit) {
    return new Promotions(
        world(),
        prefix,
        versions,
        starts.stream()
            .map(
                start -> start.toBuilder().commit(commit).allowOlder(true).authorship(null).build())
            .toList());
  }

  /** The file of a model. */
  static void file(Path folder, String model) throws IOException {
    Files.writeString(
        folder.resolve(model + ".yaml"),
        """
        model: %s
        experiment: %s
        gates:
          %s: ">= 0.5"
        """
            .formatted(model, COPIES, Models.METRIC));
  }

  /** What is promoted, in order. */
  List<Models.Version> versions() {
    return versions;
  }

  @Override
  void start(int number) {
    PromotionStart start = starts.get(number);
    PromotionWorkflow promotion =
        world().client().newWorkflowStub(PromotionWorkflow.class, Starter.options(start));
    WorkflowStub.fromTyped(promotion).start(start);
  }

  @Override
  Object[] decision(String id) {
    return new Object[] {new DecisionMessage("prod-1", APPROVER, null, "decision-" + id, null)};
  }

  @Override
  Class<?> answer() {
    return Receipt.class;
  }

  @Override
  @Nullable String refusal(@Nullable Object answer) {
    return answer instanceof Receipt receipt ? receipt.refused() : "it has no answer";
  }

  @Override
  Optional<String> troubles() {
    return ids().stream()
        .map(this::view)
        .filter(view -> view.problem() != null)
        .findFirst()
        .map(view -> view.id() + ": " + view.problem());
  }

  /** What a promotion says of itself. */
  PromotionView view(String id) {
    return world().client().newUntypedWorkflowStub(id).query("status", PromotionView.class);
  }

  /** How many wait now. */
  long waiting() {
    return count(PromotionAttributes.STATE.getName() + " = 'WAITING'");
  }
}
