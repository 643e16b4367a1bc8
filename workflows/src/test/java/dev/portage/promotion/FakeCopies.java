package dev.portage.promotion;

import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyMethods;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyPreview;
import dev.portage.copy.CopyResult;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.copy.Partition;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.Verify;
import dev.portage.copy.WriteCapabilities;
import dev.portage.duplicates.DuplicatesRemoved;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Copies of models that take no time. */
final class FakeCopies implements CopyActivities {

  static final CopyMethods METHODS =
      new CopyMethods(
          new ReadCapabilities("through the MLflow server", true, true),
          new WriteCapabilities("through the MLflow server", null),
          new ReadCapabilities("through the MLflow server", true, true),
          Verify.FULL,
          1);

  volatile boolean copyGoesOn;

  /** How a large copy is partitioned; empty for a small model. */
  List<Partition> partitions = List.of();

  private final FakeWorld world;

  FakeCopies(FakeWorld world) {
    this.world = world;
  }

  /** This many partitions with this many files and bytes each. */
  static List<Partition> cut(int number, int files, long bytes) {
    return IntStream.range(0, number)
        .mapToObj(i -> new Partition(i * files, (i + 1) * files, bytes))
        .toList();
  }

  @Override
  public ManifestRef makeManifest(ManifestOrder order) {
    world.effect("makeManifest", "manifest");
    return new ManifestRef(
        FakeWorld.DIGEST,
        "mlflow-artifacts:/1/run-1/artifacts/portage/manifest.json",
        partitions.isEmpty() ? 5 : partitions.getLast().to(),
        partitions.isEmpty() ? 4096 : partitions.stream().mapToLong(Partition::bytes).sum());
  }

  @Override
  public Optional<ManifestRef> findManifest(ManifestQuery query) {
    world.effect("findManifest", "find manifest " + query.digest());
    return query.digest().equals(FakeWorld.DIGEST)
        ? Optional.of(new ManifestRef(FakeWorld.DIGEST, query.artifactUri(), 5, 4096))
        : Optional.empty();
  }

  @Override
  public CopyPreview previewCopy(ModelLocation source) {
    world.effect("previewCopy", "read " + source.source());
    return new CopyPreview(5, 4096, METHODS.source());
  }

  @Override
  public CopyResult copy(CopyOrder order) {
    world.effect("copy", "copy " + order.key());
    if (copyGoesOn) {
      FakeWorld.beatUntil(() -> false);
    }
    return new CopyResult(
        copiedTo(order), order.candidate().manifest().digest(), 5, 4096, 4096, null, METHODS);
  }

  private static ModelLocation copiedTo(CopyOrder order) {
    return new ModelLocation(
        order.target(),
        "9",
        "run-9",
        "m-9",
        "model",
        "models:/m-9",
        "mlflow-artifacts:/9/models/m-9/artifacts");
  }

  @Override
  public CopyPlan planCopy(CopyOrder order) {
    world.effect("planCopy", "plan copy " + order.key());
    return new CopyPlan(copiedTo(order), partitions);
  }

  @Override
  public PartitionResult copyPartition(PartitionOrder order) {
    Partition partition = order.partition();
    String effect = "copy files " + partition.from() + " to " + partition.to();
    world.effect("copyPartition", effect);
    world.answer(effect);
    return new PartitionResult(partition.files(), partition.bytes(), partition.bytes(), METHODS);
  }

  @Override
  public CopyResult finishCopy(FinishOrder order) {
    world.effect("finishCopy", "finish copy of " + order.sentBytes() + " bytes");
    ManifestRef manifest = order.order().candidate().manifest();
    return new CopyResult(
        order.model(),
        manifest.digest(),
        manifest.files(),
        manifest.bytes(),
        order.sentBytes(),
        null,
        order.methods());
  }

  @Override
  public DuplicatesRemoved removeCopyTwins(CopyDuplicates twins) {
    ModelLocation model = twins.model();
    return world.twins("run", twins.order().target(), model == null ? null : model.runId());
  }
}
