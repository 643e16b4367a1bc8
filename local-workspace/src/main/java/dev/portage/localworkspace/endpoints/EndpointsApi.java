package dev.portage.localworkspace.endpoints;

import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.documents.DocumentFolder;
import dev.portage.localworkspace.faults.CallFault;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.localworkspace.secrets.ClusterSecrets;
import dev.portage.localworkspace.serving.Deployment;
import dev.portage.localworkspace.serving.Failure;
import dev.portage.localworkspace.serving.ModelServers.Order;
import dev.portage.localworkspace.serving.ModelServers.StartFailed;
import dev.portage.localworkspace.serving.ModelServers.StartFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The serving endpoints of a workspace. They are on disk, and served again after a restart.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/servingendpoints">Serving endpoints API
 *     reference</a>
 */
public final class EndpointsApi implements AutoCloseable {
  private final EndpointBook endpoints;
  private final EndpointPermissions permissions;
  private final EndpointRoutes routes;
  private final InvocationRoutes invocations;
  private final MetricsRoutes metrics;

  private final ClusterSecrets secrets;
  private final Deployment.Shared shared;

  /**
   * Ready for calls; nothing is served before {@link #goOn}.
   *
   * @param shared what serves models
   * @param models what can be served
   * @param secrets where environments get the values of secrets from
   * @param folder where endpoints are kept
   * @throws IOException when it can't be made
   */
  public EndpointsApi(
      Deployment.Shared shared, ServedModels models, ClusterSecrets secrets, Path folder)
      throws IOException {
    this.shared = shared;
    this.secrets = secrets;
    endpoints = new EndpointBook(new DocumentFolder(folder), this::deployment, shared.clock());
    permissions = new EndpointPermissions(endpoints);
    routes = new EndpointRoutes(endpoints, new EndpointRules(models, shared.clock()), permissions);
    invocations = new InvocationRoutes(endpoints, permissions);
    metrics = new MetricsRoutes(endpoints, permissions, shared.settings(), shared.clock());
    shared.faults().onAdded(this::strike);
  }

  /** Adds the calls. */
  public void addTo(ApiRoutes api) {
    routes.addTo(api);
    invocations.addTo(api);
    metrics.addTo(api);
    permissions.addTo(api);
  }

  /**
   * Serves what was served when the workspace ended; it must listen already.
   *
   * @throws IOException when what is kept can't be read
   */
  public void goOn() throws IOException {
    shared.servers().forgetAllBut(endpoints.keptVersions());
    endpoints.goOn();
  }

  /**
   * Stops an update that is being made, as people can on an endpoint's page, for which there is no
   * public call. What was served stays.
   *
   * @return false where there is none
   */
  public boolean cancelUpdate(String endpoint) {
    return endpoints.get(endpoint).cancelUpdate();
  }

  private Deployment deployment(ServedEntity entity, boolean recovers) {
    Deployment.Plan plan =
        new Deployment.Plan(
            entity.name(), entity.served().path(), entity.concurrency(), entity.scalesToZero());
    return new Deployment(plan, fault -> order(entity, fault), shared, recovers);
  }

  private Order order(ServedEntity entity, @Nullable StartFault fault) throws StartFailed {
    try {
      Map<String, String> values = secrets.values(entity.variables(), entity.creator());
      Map<String, String> plain = new HashMap<>(entity.variables());
      plain.keySet().removeAll(values.keySet());
      return new Order(entity.served(), plain, values, entity.creator(), fault);
    } catch (ClusterSecrets.Unresolved e) {
      throw new StartFailed(Failure.Kind.LOAD, String.valueOf(e.getMessage()));
    }
  }

  /** A lost machine takes its server along. */
  private void strike(ServingFault fault) {
    if (!(fault.effect() instanceof ServingEffect.Gone)) {
      return;
    }
    for (Endpoint endpoint : endpoints.all()) {
      for (Deployment deployment : endpoint.deployments()) {
        if (CallFault.matches(fault.version(), deployment.plan().version())) {
          deployment.kill();
        }
      }
    }
  }

  /** Stops every server. */
  @Override
  public void close() {
    endpoints.close();
  }
}
