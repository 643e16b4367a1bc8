package dev.portage.promotion;

import dev.portage.candidate.ModelLocation;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.live.SettingsRef;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointChanged.Outcome;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopies;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointState;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.ExampleActivities;
import dev.portage.serving.MetricsSample;
import dev.portage.serving.NewVersion;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.Served;
import dev.portage.serving.StoredEndpoint;
import dev.portage.serving.Testable;
import dev.portage.settings.ServeSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The endpoints of all workspaces, in memory; the test decides what a version answers. */
final class FakeEndpoints implements EndpointActivities, ExampleActivities {

  /** What each endpoint serves, by its name. */
  final Map<String, EndpointConfig> endpoints = new ConcurrentHashMap<>();

  /** What each endpoint is being changed to; it takes effect when the next change is refused. */
  final Map<String, EndpointConfig> pending = new ConcurrentHashMap<>();

  /** Whether what is under way stays so, and each change is refused. */
  volatile boolean pendingStays;

  /** Whether an endpoint that is created stays under way. */
  volatile boolean creationStays;

  /** Who changed it last. */
  final Map<String, String> promotions = new ConcurrentHashMap<>();

  /** All that was ever served, in order, as "diabetes: 1 100 %". */
  final List<String> splits = new CopyOnWriteArrayList<>();

  /** Requests of our own, in order. */
  final List<ProbeOrder> probes = new CopyOnWriteArrayList<>();

  /** Why a version does not start, by its number. */
  final Map<String, String> broken = new ConcurrentHashMap<>();

  /** Versions that never become ready. */
  volatile @Nullable String neverReady;

  /** What a probe answers. */
  volatile Function<ProbeOrder, ProbeResult> answers = order -> good(null);

  volatile Testable testable = new Testable(true, true);

  private final Map<String, EndpointConfig> stored = new ConcurrentHashMap<>();
  private final FakeWorld world;

  FakeEndpoints(FakeWorld world) {
    this.world = world;
  }

  /** Everything is right. */
  static ProbeResult good(@Nullable MetricsSample metrics) {
    return new ProbeResult(5, 0, List.of(), 40L, 40L, 5, 5, metrics);
  }

  /** Each request fails. */
  static ProbeResult wrong(String fault) {
    return new ProbeResult(5, 5, List.of(fault), 40L, 40L, 0, 0, null);
  }

  /** Every request is answered, but slowly. */
  static ProbeResult slow(long millis) {
    return new ProbeResult(5, 0, List.of(), millis, millis, 0, 0, null);
  }

  /** What an endpoint serves: nothing if there is none. */
  EndpointConfig of(String endpoint) {
    return endpoints.getOrDefault(endpoint, EndpointConfig.NONE);
  }

  /** As a person would do it in the workspace. */
  void byHand(String endpoint, Served... served) {
    endpoints.put(endpoint, new EndpointConfig(List.of(served)));
  }

  static Served served(String version, int percent) {
    return new Served("diabetes-" + version, "diabetes", version, percent, "d" + version);
  }

  @Override
  public Optional<EndpointState> findEndpoint(EndpointQuery query) {
    world.effect("findEndpoint", "look at endpoint");
    return Optional.ofNullable(state(query.endpoint(), query.model()));
  }

  private @Nullable EndpointState state(String endpoint, String model) {
    EndpointConfig config = endpoints.get(endpoint);
    EndpointConfig underWay = pending.get(endpoint);
    return config == null && underWay == null
        ? null
        : new EndpointState(
            endpoint,
            config == null ? EndpointConfig.NONE : config,
            underWay,
            model,
            promotions.get(endpoint),
            URI.create("https://prod.example.com/ml/endpoints/" + endpoint),
            URI.create("https://prod.example.com/serving-endpoints/" + endpoint + "/invocations"),
            "READY");
  }

  @Override
  public StoredEndpoint storeEndpoint(EndpointCopy copy) {
    world.effect("storeEndpoint", "store endpoint");
    EndpointState state = state(copy.endpoint(), copy.model());
    if (state == null) {
      return new StoredEndpoint(null, null);
    }
    String uri = "mlflow-artifacts:/" + copy.key() + "/endpoint-before.json";
    stored.put(uri, state.config());
    world.answer("storeEndpoint");
    return new StoredEndpoint(state, new SettingsRef(uri, "hash of " + state.config().written()));
  }

  @Override
  public DuplicatesRemoved removeEndpointTwins(EndpointCopies twins) {
    world.effect("removeEndpointTwins", "look for a second " + twins.key());
    return DuplicatesRemoved.nothing();
  }

  /** Keeps a configuration, as an adoption does. */
  SettingsRef kept(String key, EndpointConfig config) {
    String uri = "mlflow-artifacts:/" + key + "/endpoint-before.json";
    stored.put(uri, config);
    return new SettingsRef(uri, "hash of " + config.written());
  }

  @Override
  public EndpointChanged changeEndpoint(EndpointOrder given) {
    EndpointConfig now = endpoints.getOrDefault(given.endpoint(), EndpointConfig.NONE);
    EndpointConfig underWay = pending.get(given.endpoint());
    EndpointOrder order = possible(given, now);
    if (underWay != null && !order.wanted().isNone()) {
      if (!pendingStays) {
        pending.remove(order.endpoint());
        endpoints.put(order.endpoint(), underWay);
      }
      throw FakeWorld.platformFault("another update of it is under way");
    }
    if (underWay == null && now.isLike(order.wanted()) && serves(now, order.added())) {
      if (order.takesBackTo() != null) {
        mark(order, now);
      }
      return new EndpointChanged(Outcome.UNCHANGED, now);
    }
    List<EndpointConfig> expected = order.found();
    if (expected != null && expected.stream().noneMatch(now::isLike)) {
      return new EndpointChanged(Outcome.FOUND_OTHER, now);
    }
    world.effect("changeEndpoint", "serve " + shown(order.wanted()));
    if (order.wanted().isNone()) {
      pending.remove(order.endpoint());
      endpoints.remove(order.endpoint());
    } else if (order.wanted().served().stream()
        .noneMatch(one -> broken.containsKey(one.version()) || one.version().equals(neverReady))) {
      (creationStays && now.isNone() ? pending : endpoints)
          .put(order.endpoint(), defined(order, now));
    }
    if (!order.wanted().isNone()) {
      mark(order, now);
    }
    splits.add(shown(order.wanted()));
    world.answer("changeEndpoint");
    return new EndpointChanged(Outcome.SENT, now);
  }

  /** Who takes a change back leaves the name only until the traffic is back. */
  private void mark(EndpointOrder order, EndpointConfig now) {
    String before = order.takesBackTo();
    String name =
        before != null && now.live().isLike(order.wanted().live()) ? before : order.holder();
    if (name.isEmpty()) {
      promotions.remove(order.endpoint());
    } else {
      promotions.put(order.endpoint(), name);
    }
  }

  /** Nobody knows the settings of a version at 0 % that is not there any more. */
  private EndpointOrder possible(EndpointOrder order, EndpointConfig now) {
    SettingsRef settings = order.settings();
    EndpointConfig before = settings == null ? null : stored.get(settings.uri());
    NewVersion added = order.added();
    List<Served> left =
        order.wanted().served().stream()
            .filter(one ->
                one.percent() > 0
                    || (added != null && added.name().equals(one.name()))
                    || now.named(one.name()).isPresent()
                    || (before != null && before.named(one.name()).isPresent()))
            .toList();
    return left.isEmpty()
        ? order
        : new EndpointOrder(
            order.at(),
            new EndpointConfig(left),
            added,
            settings,
            order.found(),
            order.holder(),
            order.grant(),
            order.takesBackTo());
  }

  /** Those without a definition get one. */
  private EndpointConfig defined(EndpointOrder order, EndpointConfig now) {
    SettingsRef settings = order.settings();
    EndpointConfig before = settings == null ? null : stored.get(settings.uri());
    return new EndpointConfig(
        order.wanted().served().stream()
            .map(one -> {
              NewVersion added = order.added();
              if (added != null && added.name().equals(one.name())) {
                return defined(added, one);
              }
              if (one.definition() != null) {
                return one;
              }
              if (before != null && before.named(one.name()).isPresent()) {
                return before.named(one.name()).orElseThrow().at(one.percent());
              }
              return now.named(one.name())
                  .map(known -> known.at(one.percent()))
                  .orElse(
                      new Served(
                          one.name(),
                          one.model(),
                          one.version(),
                          one.percent(),
                          "d" + one.version()));
            })
            .toList());
  }

  /** Whether a version that is promoted is served as it is to be. */
  private static boolean serves(EndpointConfig config, @Nullable NewVersion added) {
    return added == null
        || config.named(added.name()).filter(one -> !one.equals(defined(added, one))).isEmpty();
  }

  /** With what a promotion says of it; by hand, versions are served as a file that says nothing. */
  private static Served defined(NewVersion added, Served one) {
    boolean usual =
        added.size() == ServeSettings.Size.SMALL
            && !added.scaleToZero()
            && added.environment().isEmpty();
    return new Served(
        one.name(),
        one.model(),
        one.version(),
        one.percent(),
        "d" + one.version() + (usual ? "" : " " + added.size().written() + added.environment()));
  }

  private static String shown(EndpointConfig config) {
    return config.isNone()
        ? "nothing"
        : String.join(
            ", ",
            config.served().stream()
                .map(one -> one.version() + ": " + one.percent() + " %")
                .toList());
  }

  @Override
  public EndpointReady awaitEndpoint(EndpointWait wait) {
    world.effect("awaitEndpoint", "await endpoint");
    for (Served one : wait.wanted().served()) {
      if (one.version().equals(neverReady)) {
        FakeWorld.beatUntil(() -> !one.version().equals(neverReady));
      }
    }
    EndpointState state = state(wait.endpoint(), wait.model());
    EndpointState now =
        state == null
            ? new EndpointState(
                wait.endpoint(), EndpointConfig.NONE, null, wait.model(), null, null, null, null)
            : state;
    for (Served one : wait.wanted().served()) {
      String why = broken.get(one.version());
      if (why != null) {
        return new EndpointReady(now, why);
      }
    }
    return new EndpointReady(
        now,
        now.config().isLike(wait.wanted()) && serves(now.config(), wait.added())
            ? null
            : "it serves " + now.config().text());
  }

  @Override
  public ProbeResult probe(ProbeOrder order) {
    world.effect("probe", "probe " + order.served());
    probes.add(order);
    return answers.apply(order);
  }

  @Override
  public Testable testable(ModelLocation model) {
    world.effect("testable", "look at the model's example");
    return testable;
  }
}
