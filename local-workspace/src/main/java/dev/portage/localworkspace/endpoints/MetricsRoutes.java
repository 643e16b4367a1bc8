package dev.portage.localworkspace.endpoints;

import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.endpoints.EndpointPermissions.Level;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.serving.Deployment;
import dev.portage.localworkspace.serving.Gauges;
import dev.portage.localworkspace.serving.ModelServers.Usage;
import dev.portage.localworkspace.serving.ServingSettings;
import io.javalin.http.HandlerType;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The health metrics of an endpoint, with the traps of the service: what ends in {@code _total} is
 * of the last minute alone, each line ends in a time, a young endpoint has none.
 *
 * @see <a
 *     href="https://docs.databricks.com/machine-learning/model-serving/metrics-export-serving-endpoint">Export
 *     endpoint health metrics</a>
 */
final class MetricsRoutes {
  private static final double[] BUCKETS = {
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000
  };

  /** What a model of the smallest size may hold. */
  private static final double MEMORY = 4.0 * 1024 * 1024 * 1024;

  private final EndpointBook endpoints;
  private final EndpointPermissions permissions;
  private final ServingSettings settings;
  private final InstantSource clock;

  MetricsRoutes(
      EndpointBook endpoints,
      EndpointPermissions permissions,
      ServingSettings settings,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.permissions = permissions;
    this.settings = settings;
    this.clock = clock;
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, EndpointRoutes.BASE + "/{name}/metrics", null, this::metrics);
  }

  private void metrics(ApiCall call) {
    call.onlyQuery();
    Endpoint endpoint = endpoints.get(call.exchange().pathParam("name"));
    permissions.require(call.caller(), endpoint, Level.CAN_VIEW);
    long since = endpoint.readySince();
    long now = clock.millis();
    if (since == 0 || now - since < settings.metricsAfter().toMillis()) {
      throw ApiRefusal.notFound(
          "RESOURCE_DOES_NOT_EXIST",
          "Metrics of endpoint '" + endpoint.identity().name() + "' are not available.");
    }
    call.exchange()
        .status(200)
        .contentType("text/plain; version=0.0.4; charset=utf-8")
        .result(text(List.copyOf(endpoint.router().deployments()), endpoint, now));
  }

  private String text(List<Deployment> served, Endpoint endpoint, long now) {
    Page page = new Page(endpoint.identity().name(), now, served);
    page.gauge("cpu_usage_percentage", Observed::cpu);
    page.gauge("mem_usage_percentage", Observed::memory);
    page.gauge("provisioned_concurrent_requests_total", o -> (double) o.concurrency());
    page.gauge("request_count_total", o -> (double) o.minute().requests());
    page.gauge("request_4xx_count_total", o -> (double) o.minute().refused());
    page.gauge("request_5xx_count_total", o -> (double) o.minute().failed());
    if (settings.histograms()) {
      page.histogram("request_latency_ms", o -> o.minute().latencies());
      page.histogram("model_queue_time_ms", o -> o.minute().queued());
    }
    return page.text();
  }

  /** What is known of one served entity at one moment. */
  private record Observed(
      String name,
      Gauges.Minute minute,
      int concurrency,
      @Nullable Double cpu,
      @Nullable Double memory) {

    static Observed of(Deployment served) {
      Usage usage = served.usage();
      return new Observed(
          served.plan().name(),
          served.gauges().minute(),
          usage == null ? 0 : served.plan().concurrency(),
          usage == null ? null : served.gauges().cpuPercent(usage),
          usage == null ? null : 100 * usage.memoryBytes() / MEMORY);
    }
  }

  /** Builds the text. */
  private static final class Page {
    private final StringBuilder lines = new StringBuilder();
    private final String endpoint;
    private final long now;
    private final List<Observed> served;

    private Page(String endpoint, long now, List<Deployment> deployments) {
      this.endpoint = endpoint;
      this.now = now;
      List<Observed> all = new ArrayList<>();
      deployments.forEach(d -> all.add(Observed.of(d)));
      this.served = all;
    }

    private void gauge(String name, Function<Observed, @Nullable Double> of) {
      lines.append("# TYPE ").append(name).append(" gauge\n");
      for (Observed each : served) {
        Double value = of.apply(each);
        if (value != null) {
          line(name, each, "", value);
        }
      }
    }

    private void histogram(String name, Function<Observed, List<Double>> of) {
      lines.append("# TYPE ").append(name).append(" histogram\n");
      for (Observed each : served) {
        List<Double> values = of.apply(each);
        for (double bound : BUCKETS) {
          double within = (double) values.stream().filter(value -> value <= bound).count();
          line(name + "_bucket", each, ",le=\"" + number(bound) + "\"", within);
        }
        line(name + "_bucket", each, ",le=\"+Inf\"", values.size());
        line(name + "_sum", each, "", values.stream().mapToDouble(v -> v).sum());
        line(name + "_count", each, "", values.size());
      }
    }

    private void line(String name, Observed each, String more, double value) {
      lines
          .append(name)
          .append("{endpoint_name=\"")
          .append(endpoint)
          .append("\",served_model_name=\"")
          .append(each.name())
          .append('"')
          .append(more)
          .append("} ")
          .append(number(value))
          .append(' ')
          .append(now)
          .append('\n');
    }

    private static String number(double value) {
      return value == Math.rint(value)
          ? Long.toString((long) value)
          : String.format(Locale.ROOT, "%.6f", value);
    }

    private String text() {
      return lines.toString();
    }
  }
}
