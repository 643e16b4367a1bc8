package dev.portage.databricks;

import com.databricks.sdk.service.compute.InstancePoolAndStats;
import com.databricks.sdk.service.compute.NodeType;
import com.databricks.sdk.service.compute.Policy;
import com.databricks.sdk.service.compute.SparkVersion;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.Machines;
import dev.portage.compute.Workers;
import dev.portage.document.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the cluster that a compute word describes with what a workspace offers. */
final class ClusterLook {
  private static final int MOST_NAMES = 12;

  private final String name;
  private final ClusterCompute wanted;
  private final DatabricksApi api;
  private final Me login;
  private final Offers offers;
  private final SecretLook secrets;
  private final Findings findings;
  private final int before;

  /**
   * @param name of the word, "" for that of a step that names none
   */
  ClusterLook(
      String name,
      ClusterCompute wanted,
      DatabricksApi api,
      Me login,
      Offers offers,
      SecretLook secrets,
      Findings findings) {
    this.name = name;
    this.wanted = wanted;
    this.api = api;
    this.login = login;
    this.offers = offers;
    this.secrets = secrets;
    this.findings = findings;
    this.before = findings.lacks();
  }

  void look() {
    Machines machines = wanted.machines();
    Policy policy = policy();
    NodeType workers = null;
    if (machines.pool() != null) {
      workers = pool(machines.pool(), true);
      if (machines.driverPool() != null) {
        pool(machines.driverPool(), false);
      }
    }
    if (machines.nodeType() != null) {
      workers = nodeType(machines.nodeType());
    }
    if (machines.driverNodeType() != null) {
      nodeType(machines.driverNodeType());
    }
    NodeType known = workers;
    findings.orLack(what("runtime"), () -> runtime(known, policy));
    findings.orLack(what("secrets"), () -> findings.add(secrets.look(what("secrets"), wanted)));
    if (policy != null && findings.lacks() == before) {
      findings.orLack(what("policy " + wanted.policy()), () -> rules(policy));
    }
  }

  private @Nullable NodeType pool(String pool, boolean ofWorkers) {
    String what = what("pool " + pool);
    return findings.askedOrLack(what, () -> machineOf(what, pool, ofWorkers));
  }

  private @Nullable NodeType machineOf(String what, String pool, boolean ofWorkers) {
    InstancePoolAndStats found = offers.pool(pool).orElse(null);
    if (found == null) {
      boolean none = offers.pools().isEmpty();
      findings.lack(
          what,
          none
              ? "there is no pool at all that the login may use"
              : "there is no pool with that name; there is: "
                  + Offers.names(offers.pools(), InstancePoolAndStats::getInstancePoolName),
          (none ? "Create it" : "Name one of these in the platform file")
              + "; or, if it exists but is hidden from the login: "
              + login.grantPermission("instance-pools", null, "CAN_ATTACH_TO"));
      return null;
    }
    capacity(what, found, ofWorkers);
    String type = found.getNodeTypeId();
    return type == null || wanted.runtime() == null ? null : offers.nodeType(type).orElse(null);
  }

  /** A pool that may never hold as many machines lets a run wait until it times out. */
  private void capacity(String what, InstancePoolAndStats pool, boolean ofWorkers) {
    Long most = pool.getMaxCapacity();
    Workers workers = ofWorkers ? wanted.workers() : null;
    int driver = ofWorkers && wanted.machines().driverPool() != null ? 0 : 1;
    int least = driver + (workers == null ? 0 : workers.least());
    if (most != null && most < least) {
      findings.lack(
          what,
          "it holds at most " + most + " machines, but " + least + " are requested",
          "Request fewer workers in the platform file, or have the pool's maximum capacity"
              + " raised.");
      return;
    }
    findings.ok(what, "is " + pool.getInstancePoolId());
    if (most != null
        && workers != null
        && workers.most() != null
        && most < driver + workers.most()) {
      findings.note(
          what,
          "it holds at most "
              + most
              + " machines, so a cluster of "
              + workers.text()
              + " stops growing before");
    }
  }

  private @Nullable NodeType nodeType(String id) {
    String what = what("node type " + id);
    return findings.askedOrLack(what, () -> offered(what, id));
  }

  private @Nullable NodeType offered(String what, String id) {
    NodeType type = offers.nodeType(id).orElse(null);
    if (type == null) {
      List<String> all =
          offers.nodeTypes().stream()
              .map(NodeType::getNodeTypeId)
              .filter(Objects::nonNull)
              .toList();
      String question = Nearest.question(id, all);
      findings.lack(
          what,
          "the workspace offers no such node type; "
              + (question == null ? "it offers: " + some(all) : question),
          question == null
              ? "Name one of these in the platform file."
              : "Correct it in the platform file.");
      return null;
    }
    Optional<String> status = unavailable(type);
    if (status.isPresent()) {
      findings.lack(
          what,
          "it is " + status.get(),
          "Name another in the platform file, or have it enabled for the subscription.");
    } else if (Boolean.TRUE.equals(type.getIsDeprecated())) {
      findings.note(what, "is deprecated; it can still be used for now");
    } else {
      findings.ok(
          what, "is offered" + (Compute.hasGpu(type) ? ", GPUs: " + type.getNumGpus() : ""));
    }
    return type;
  }

  private static Optional<String> unavailable(NodeType type) {
    if (type.getNodeInfo() == null || type.getNodeInfo().getStatus() == null) {
      return Optional.empty();
    }
    return type.getNodeInfo().getStatus().stream()
        .filter(Objects::nonNull)
        .map(status ->
            switch (status) {
              case NOT_AVAILABLE_IN_REGION -> "not available in the workspace's region";
              case NOT_ENABLED_ON_SUBSCRIPTION -> "not enabled on the subscription";
            })
        .findFirst();
  }

  private @Nullable Policy policy() {
    String policy = wanted.policy();
    if (policy == null) {
      return null;
    }
    String what = what("policy " + policy);
    return findings.askedOrLack(what, () -> policy(what, policy));
  }

  private @Nullable Policy policy(String what, String name) {
    Policy found = offers.policy(name).orElse(null);
    if (found == null) {
      boolean none = offers.policies().isEmpty();
      findings.lack(
          what,
          none
              ? "there is no policy at all that the login may use"
              : "there is no policy with that name; there is: "
                  + Offers.names(offers.policies(), Policy::getName),
          (none ? "Create it" : "Name one of these in the platform file")
              + "; or, if it exists but is hidden from the login: "
              + login.grantPermission("cluster-policies", null, "CAN_USE"));
    }
    return found;
  }

  private void rules(Policy policy) {
    var spec = new Compute(api, offers).spec(wanted, Map.of());
    List<PolicyDefinition.Refusal> refusals =
        PolicyDefinition.of(policy).refusals(api.json(spec), offers.runtimes());
    String what = what("policy " + wanted.policy());
    if (refusals.isEmpty()) {
      findings.ok(what, "is " + policy.getPolicyId() + " and allows what is requested");
      return;
    }
    findings.lack(
        what,
        refusals.stream().map(PolicyDefinition.Refusal::text).collect(Collectors.joining("; ")),
        "Request what the policy allows in the platform file (custom_tags are the word's tags, spark_conf is spark, spark_env_vars are variables), or have the policy changed.");
  }

  private void runtime(@Nullable NodeType machine, @Nullable Policy policy) {
    String asked = wanted.runtime();
    if (asked == null && policy != null && PolicyDefinition.of(policy).decides("spark_version")) {
      return;
    }
    if (asked == null) {
      newestRuntime(Compute.hasGpu(machine));
      return;
    }
    if (!offers.hasRuntime(asked) && !asked.startsWith("auto:")) {
      findings.lack(
          what("runtime"),
          asked + " is not offered",
          "Name one of these in the platform file: " + mlRuntimes());
    } else if (machine != null && Runtimes.isGpu(asked) != Compute.hasGpu(machine)) {
      findings.lack(
          what("runtime"),
          asked
              + (Runtimes.isGpu(asked)
                  ? " is for GPUs, but " + machine.getNodeTypeId() + " has none"
                  : " is for machines without GPUs, but " + machine.getNodeTypeId() + " has them"),
          "Name a runtime that fits the node type, or leave it out to use the newest that fits.");
    } else {
      findings.ok(what("runtime"), asked);
    }
  }

  private void newestRuntime(boolean gpu) {
    Optional<String> newest = Runtimes.newestMl(offers.runtimes(), gpu);
    if (newest.isPresent()) {
      findings.ok(what("runtime"), newest.get() + ", the newest");
    } else {
      findings.lack(
          what("runtime"),
          "no long-term-support ML runtime" + (gpu ? " for GPUs" : "") + " on offer",
          "Name one of these in the platform file: " + mlRuntimes());
    }
  }

  private String what(String thing) {
    return name.isEmpty() ? thing : "compute " + name + ": " + thing;
  }

  private String mlRuntimes() {
    String ml =
        offers.runtimes().stream()
            .map(SparkVersion::getKey)
            .filter(Objects::nonNull)
            .filter(key -> key.contains("-ml-"))
            .sorted()
            .collect(Collectors.joining(", "));
    return ml.isEmpty() ? "(none)" : ml;
  }

  private static String some(List<String> names) {
    List<String> sorted = names.stream().sorted().toList();
    return sorted.size() <= MOST_NAMES
        ? String.join(", ", sorted)
        : String.join(", ", sorted.subList(0, MOST_NAMES))
            + " and "
            + (sorted.size() - MOST_NAMES)
            + " more";
  }
}
