package dev.portage.platform;

import dev.portage.copy.Verify;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Concurrency;
import dev.portage.settings.PredictionRules;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsActivities;
import dev.portage.settings.SettingsOrder;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Merges a {@code promotion.yaml} with the platform file. Whatever neither sets is a default, and
 * every value in force is listed with its source.
 */
public final class EffectiveSettings implements SettingsActivities {

  private static final Duration RETRY_TIMEOUT = Duration.ofHours(1);

  private final PlatformSource source;

  /** Merges with this platform file, read anew for each call. */
  public EffectiveSettings(PlatformSource source) {
    this.source = source;
  }

  @Override
  public Settings settings(SettingsOrder order) {
    Platform platform = source.platform();
    PromotionFile file =
        accepted(
            order,
            PromotionFile.read(order.fileName(), order.fileText())
                .then(read -> read.withJobSettings(order.jobSettings()))
                .then(read -> read.withCases(order.cases())));
    PathCheck check = new PathCheck(platform, file);
    List<ValidationError> errors = new ArrayList<>(check.errors(order.files()));
    if (check.isKnown()) {
      errors.addAll(new ComputeInForce(platform, file, check.path()).errors(order));
    }
    if (!errors.isEmpty()) {
      errors.sort(Comparator.comparingInt(ValidationError::line));
      accepted(order, new Reading.Wrong<PromotionFile>(errors));
    }
    Tier tier = tier(platform, file);
    List<ValidationError> loose =
        new ArrayList<>(ConcurrencyInForce.errors(platform, file, check.targets(), tier));
    loose.addAll(ServingInForce.errors(platform, file, check.targets(), tier));
    if (!loose.isEmpty()) {
      accepted(order, new Reading.Wrong<PromotionFile>(loose));
    }
    return merge(platform, file, check, tier);
  }

  private static PromotionFile accepted(SettingsOrder order, Reading<PromotionFile> reading) {
    return switch (reading) {
      case Reading.Good<PromotionFile>(PromotionFile file) -> file;
      case Reading.Wrong<PromotionFile>(List<ValidationError> errors) ->
          throw FileFault.of(
              order.fileName(),
              errors,
              "Correct it, commit, then check again: portage plan " + order.fileName());
    };
  }

  private static Tier tier(Platform platform, PromotionFile file) {
    return platform
        .tierOf(file.model(), file.registeredName())
        .orElseThrow(() -> {
          String origin = platform.origin("tiers");
          List<String> patterns =
              platform.tiers().stream().flatMap(tier -> tier.models().stream()).toList();
          return FileFault.of(
              platform.fileName(),
              List.of(
                  new ValidationError(
                      platform.fileName(),
                      Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1)),
                      "/tiers",
                      "no tier matches model " + file.model(),
                      String.join(", ", patterns),
                      null)),
              "Ask the platform team to add it to a tier in "
                  + platform.fileName()
                  + ", as \"rest: { models: [\"*\"] }\" at the end.");
        });
  }

  private static Settings merge(Platform platform, PromotionFile file, PathCheck check, Tier tier) {
    ValuesInForce values = new ValuesInForce().file(file.values());
    values.add(
        "path",
        String.join(" → ", platform.path()),
        platform.origin(platform.origins().containsKey("path") ? "path" : "workspaces"));
    ComputeInForce compute = new ComputeInForce(platform, file, check.path());
    List<Station> path = new ArrayList<>();
    for (Workspace workspace : check.path()) {
      path.add(check.station(workspace));
      list(workspace, platform, file, values);
      compute.listDefault(workspace, values);
      if (workspace.kind().capabilities().contains(Station.Capability.RUN_JOBS)) {
        values.addIfSet(
            workspace.name() + ".warehouse",
            workspace.warehouse(),
            platform.origin(of(workspace, "warehouse")));
      }
    }
    compute.list(values);
    Workspace nearest = check.targets().getFirst();
    String experiment = check.experiment().apply(nearest);
    values.add("experiment", experiment, platform.origin(of(nearest, "experiments")));
    for (Workspace target : check.targets()) {
      String own = check.experiment().apply(target);
      if (!own.equals(experiment)) {
        values.add(target.name() + ".experiment", own, platform.origin(of(target, "experiments")));
      }
    }
    file.work()
        .forEach((step, work) -> {
          if (!step.equals("batch")) {
            values.add(step + ".timeout", work.timeout(), ValuesInForce.DEFAULT);
          }
        });
    BatchSettings batch = batch(platform, file, check, values);
    RehearsalSettings rehearsal = batch == null ? null : rehearsal(platform, file, check, values);
    ServeSettings serve = ServingInForce.of(platform, file, check, tier, values);
    Map<String, ApprovalPolicy> approvals = new HashMap<>();
    ApprovalPolicy policy = policy(platform, tier);
    for (Workspace approved : check.targets()) {
      approvals.put(approved.name(), policy);
    }
    Map<String, Verify> verify = new HashMap<>();
    for (Workspace target : check.targets()) {
      verify.put(target.name(), target.verifyAs(file.verify()));
      values.add(
          target.name() + ".verify",
          target.verifyAs(file.verify()).name().toLowerCase(Locale.ROOT),
          file.origin("verify").orElse(platform.origin(of(target, "verify"))));
    }
    for (Workspace target : check.targets()) {
      if (!target.allowTriggers().isEmpty()) {
        values.add(
            target.name() + ".allow-triggers",
            String.join(", ", target.allowTriggers()),
            platform.origin(of(target, "allow-triggers")));
      }
    }
    Concurrency concurrency = ConcurrencyInForce.of(platform, file, check.targets(), tier, values);
    list(platform, tier, values);
    List<NoticeReceiver> receivers = receivers(platform, file, values);
    return Settings.of(file.model(), path, experiment, platform.identity(), RETRY_TIMEOUT)
        .check(file.check())
        .train(file.train())
        .thresholds(file.thresholds())
        .batch(batch)
        .approvals(approvals)
        .verify(verify)
        .choice(file.choice())
        .values(values.list())
        .rehearsal(rehearsal)
        .evaluate(file.evaluate())
        .receivers(receivers)
        .concurrency(concurrency)
        .serve(serve)
        .build();
  }

  private static RehearsalSettings rehearsal(
      Platform platform, PromotionFile file, PathCheck check, ValuesInForce values) {
    Workspace first = check.path().getFirst();
    String table = check.table().apply(first);
    String whyNot = whyNoRehearsal(platform, file, first);
    values.add(
        "rehearse",
        whyNot == null
            ? "if workspace " + first.name() + " can run the scoring"
            : "no, since " + whyNot,
        ValuesInForce.DEFAULT);
    if (whyNot == null) {
      values.add(first.name() + ".table", table, platform.origin(of(first, "tables")));
    }
    return new RehearsalSettings(table, whyNot, Boolean.TRUE.equals(file.rehearse()));
  }

  private static @Nullable String whyNoRehearsal(
      Platform platform, PromotionFile file, Workspace first) {
    if (Boolean.FALSE.equals(file.rehearse())) {
      return file.origin("rehearse").orElse(file.fileName()) + " says rehearse: false";
    }
    if (!first.kind().capabilities().containsAll(PathCheck.TO_REHEARSE)) {
      return "workspace "
          + first.name()
          + " is of kind "
          + first.kind().name()
          + " and runs no jobs";
    }
    PromotionFile.Batch batch = file.batch();
    if (batch != null && batch.check() != null && !batch.check().isOfRows()) {
      return "its rows don't name their version (batch.verify)";
    }
    String word = batch == null ? null : batch.work().compute();
    return word != null && first.compute(word).isEmpty()
        ? platform.fileName() + " defines no compute " + word + " for workspace " + first.name()
        : null;
  }

  private static void list(
      Workspace workspace, Platform platform, PromotionFile file, ValuesInForce values) {
    String name = workspace.name();
    values
        .add(name + ".kind", workspace.kind().name(), platform.origin(of(workspace, "kind")))
        .add(
            name + ".model",
            workspace.model(file.registeredName()),
            platform.origin(of(workspace, "models")))
        .add(
            name + ".marking",
            workspace.marking().name().toLowerCase(Locale.ROOT),
            platform.origin(of(workspace, "marking")));
  }

  private static void list(Platform platform, Tier tier, ValuesInForce values) {
    String given = "tiers." + tier.name();
    values.add("tier", tier.name(), tier.origin());
    values.add(
        "approve",
        tier.approve().isEmpty() ? "nobody" : String.join(", ", tier.approve()),
        platform.origin(given + ".approve"));
    values.addIfSet(
        "escalate-to",
        tier.escalateTo().isEmpty()
            ? null
            : String.join(", ", tier.escalateTo()) + ", from half of the time on",
        platform.origin(given + ".escalate-to"));
    for (String group :
        Stream.concat(tier.approve().stream(), tier.escalateTo().stream()).toList()) {
      List<String> members = platform.groups().get(group);
      values.add(
          "groups." + group,
          members == null ? "anybody" : String.join(", ", members),
          platform.origin("groups." + group));
    }
    values.add("expires", tier.expires(), platform.origin(given + ".expires"));
    values.add(
        "break-glass",
        Objects.requireNonNullElse(tier.breakGlass(), ApprovalPolicy.BREAK_GLASS),
        platform.origin(given + ".break-glass"));
    values.add(
        "identity",
        platform.identity().name().toLowerCase(Locale.ROOT),
        platform.origin("identity"));
    values.addIfSet(
        "ledger",
        platform.ledger() == null ? null : platform.ledger() + " (no effect in this release)",
        platform.origin("ledger"));
  }

  private static List<NoticeReceiver> receivers(
      Platform platform, PromotionFile file, ValuesInForce values) {
    List<Receiver> told = platform.receiversOf(file.model(), file.registeredName());
    for (Receiver receiver : told) {
      values.add(
          "notify." + receiver.name(),
          receiver.format().word()
              + ": "
              + String.join(", ", receiver.on().stream().map(NoticeKind::word).toList()),
          platform.origin("notify." + receiver.name()));
    }
    return told.stream().map(Receiver::forPromotions).toList();
  }

  private static @Nullable BatchSettings batch(
      Platform platform, PromotionFile file, PathCheck check, ValuesInForce values) {
    PromotionFile.Batch given = file.batch();
    if (given == null) {
      return null;
    }
    Work work = given.work();
    boolean theirs = work instanceof Work.Job;
    boolean scheduled = !theirs && !(work instanceof Work.Defined);
    Workspace target = check.targets().getFirst();
    String job = check.job().apply(target);
    String input = check.input(target);
    PredictionRules rules = given.rules();
    BatchSettings batch =
        BatchSettings.of(
                job,
                work instanceof Work.Job their
                    ? new Work.Job(job, their.parameters(), their.timeout())
                    : work,
                check.table().apply(target),
                given.schedule(),
                Objects.requireNonNullElse(given.timezone(), "UTC"),
                given.check())
            .ruledBy(rules == null || input == null ? rules : rules.withInput(input));
    values
        .add("batch.job", batch.job(), ValuesInForce.DEFAULT)
        .add("batch.table", batch.table(), ValuesInForce.DEFAULT)
        .addIfSet("batch.timezone", scheduled ? batch.timezone() : null, ValuesInForce.DEFAULT)
        .add("batch.timeout", batch.timeout(), ValuesInForce.DEFAULT)
        .addIfSet("batch.verify", theirs ? null : checked(batch), ValuesInForce.DEFAULT);
    for (Workspace each : check.targets()) {
      String table = check.table().apply(each);
      if (each.equals(target) ? !table.equals(given.table()) : !table.equals(batch.table())) {
        values.add(each.name() + ".table", table, platform.origin(of(each, "tables")));
      }
      String own = check.job().apply(each);
      if (!own.equals(job)) {
        values.add(each.name() + ".job", own, platform.origin(of(each, "jobs")));
      }
    }
    return batch;
  }

  private static String checked(BatchSettings batch) {
    return batch.checked().name().toLowerCase(Locale.ROOT);
  }

  private static ApprovalPolicy policy(Platform platform, Tier tier) {
    Map<String, List<String>> members = new HashMap<>();
    for (String group :
        Stream.concat(tier.approve().stream(), tier.escalateTo().stream()).toList()) {
      List<String> people = platform.groups().get(group);
      if (people != null) {
        members.put(group, people);
      }
    }
    return new ApprovalPolicy(
        tier.name(),
        tier.approve(),
        members,
        tier.expires(),
        PlatformPeople.listed(platform).orElse(null),
        tier.escalateTo(),
        tier.breakGlass());
  }

  private static String of(Workspace workspace, String key) {
    return "workspaces." + workspace.name() + "." + key;
  }
}
