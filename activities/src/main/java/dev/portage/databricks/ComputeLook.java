package dev.portage.databricks;

import com.databricks.sdk.service.compute.InstancePoolAndStats;
import com.databricks.sdk.service.compute.NodeType;
import com.databricks.sdk.service.compute.Policy;
import com.databricks.sdk.service.compute.SparkVersion;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Machines;
import dev.portage.document.Nearest;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what compute words ask for with what a workspace offers: pools, node types, policies and
 * runtimes. Everything that is lacking is named, since a run would be refused for the first alone,
 * and after hours.
 */
final class ComputeLook {
  private static final int MOST_NAMES = 12;

  private final DatabricksApi api;
  private final Me login;
  private final Offers offers;
  private final List<Finding> findings = new ArrayList<>();

  ComputeLook(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
    this.offers = new Offers(api);
  }

  /** What is found for these words; null stands for the word of a step that names none. */
  List<Finding> look(Collection<@Nullable String> words) {
    for (String word : words) {
      String name = word == null || word.equals(ComputeSettings.DEFAULT) ? "" : word;
      orLack(name.isEmpty() ? "compute" : "compute " + name, () -> look(word, name));
    }
    return List.copyOf(findings);
  }

  private void look(@Nullable String word, String name) {
    switch (api.workspace().compute(word)) {
      case ClusterCompute cluster -> new OneCluster(name, cluster).look();
      case ComputeSettings serverless ->
          ok(
              name.isEmpty() ? "compute" : "compute " + name,
              name.isEmpty()
                  ? serverless.text() + ", since the platform file names no pool"
                  : serverless.text());
    }
  }

  /** One word that asks for a cluster. */
  private final class OneCluster {
    private final String name;
    private final ClusterCompute wanted;
    private final int before = lacks();

    OneCluster(String name, ClusterCompute wanted) {
      this.name = name;
      this.wanted = wanted;
    }

    void look() {
      Machines machines = wanted.machines();
      Policy policy = policy();
      NodeType workers = null;
      if (machines.pool() != null) {
        workers = pool(machines.pool());
        if (machines.driverPool() != null) {
          pool(machines.driverPool());
        }
      }
      if (machines.nodeType() != null) {
        workers = nodeType(machines.nodeType());
      }
      if (machines.driverNodeType() != null) {
        nodeType(machines.driverNodeType());
      }
      NodeType known = workers;
      orLack(what("runtime"), () -> runtime(known, policy));
      if (policy != null && lacks() == before) {
        orLack(what("policy " + wanted.policy()), () -> rules(policy));
      }
    }

    private @Nullable NodeType pool(String pool) {
      String what = what("pool " + pool);
      return askedOrLack(what, () -> machineOf(what, pool));
    }

    private @Nullable NodeType machineOf(String what, String pool) {
      InstancePoolAndStats found = offers.pool(pool).orElse(null);
      if (found == null) {
        lack(
            what,
            "there is no pool of that name; there is: "
                + Offers.names(offers.pools(), InstancePoolAndStats::getInstancePoolName),
            "Name one of these in the platform file; or, if it exists but is hidden from the login: "
                + login.grantPermission("instance-pools", null, "CAN_ATTACH_TO"));
        return null;
      }
      ok(what, "is " + found.getInstancePoolId());
      String type = found.getNodeTypeId();
      return type == null || wanted.runtime() == null ? null : offers.nodeType(type).orElse(null);
    }

    private @Nullable NodeType nodeType(String id) {
      String what = what("node type " + id);
      return askedOrLack(what, () -> offered(what, id));
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
        lack(
            what,
            "the workspace offers no such node type; "
                + (question == null ? "it offers: " + some(all) : question),
            "Name one of these in the platform file.");
        return null;
      }
      Optional<String> status = unavailable(type);
      if (status.isPresent()) {
        lack(
            what,
            "it is " + status.get(),
            "Name another in the platform file, or have it enabled for the subscription.");
      } else if (Boolean.TRUE.equals(type.getIsDeprecated())) {
        note(what, "is deprecated; it can still be used for now");
      } else {
        ok(what, "is offered" + (Compute.hasGpu(type) ? ", GPUs: " + type.getNumGpus() : ""));
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
      return askedOrLack(what, () -> policy(what, policy));
    }

    private @Nullable Policy policy(String what, String name) {
      Policy found = offers.policy(name).orElse(null);
      if (found == null) {
        lack(
            what,
            "there is no policy of that name; there is: "
                + Offers.names(offers.policies(), Policy::getName),
            "Name one of these in the platform file; or, if it exists but is hidden from the login: "
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
        ok(what, "is " + policy.getPolicyId() + ", and allows what is asked");
        return;
      }
      lack(
          what,
          refusals.stream().map(PolicyDefinition.Refusal::text).collect(Collectors.joining("; ")),
          "Ask for what the policy allows, in the platform file, or have the policy changed.");
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
        lack(
            what("runtime"),
            asked + " is not on offer",
            "Name one of these in the platform file: " + mlRuntimes());
      } else if (machine != null && Runtimes.isGpu(asked) != Compute.hasGpu(machine)) {
        lack(
            what("runtime"),
            asked
                + (Runtimes.isGpu(asked)
                    ? " is for GPUs, and " + machine.getNodeTypeId() + " has none"
                    : " is without GPUs, and " + machine.getNodeTypeId() + " has them"),
            "Name a runtime that fits the node type, or leave it out: the newest that fits is taken.");
      } else {
        ok(what("runtime"), asked);
      }
    }

    private void newestRuntime(boolean gpu) {
      Optional<String> newest = Runtimes.newestMl(offers.runtimes(), gpu);
      if (newest.isPresent()) {
        ok(what("runtime"), newest.get() + ", the newest");
      } else {
        lack(
            what("runtime"),
            "no long-term-support ML runtime" + (gpu ? " for GPUs" : "") + " on offer",
            "Name one of these in the platform file: " + mlRuntimes());
      }
    }

    private String what(String thing) {
      return name.isEmpty() ? thing : "compute " + name + ": " + thing;
    }
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

  private int lacks() {
    return (int) findings.stream().filter(finding -> finding.verdict() == Verdict.LACK).count();
  }

  /**
   * What the user has to fix becomes a finding; a workspace that does not answer stays a failure.
   */
  private void orLack(String what, Runnable look) {
    try {
      look.run();
    } catch (ApplicationFailure failure) {
      findings.add(Finding.lack(api.workspace().where(), what, failure));
    }
  }

  private <T> @Nullable T askedOrLack(String what, Supplier<@Nullable T> look) {
    try {
      return look.get();
    } catch (ApplicationFailure failure) {
      findings.add(Finding.lack(api.workspace().where(), what, failure));
      return null;
    }
  }

  private void ok(String what, String text) {
    findings.add(Finding.ok(api.workspace().where(), what, text));
  }

  private void note(String what, String text) {
    findings.add(new Finding(api.workspace().where(), what, Verdict.NOTE, text, null));
  }

  private void lack(String what, String text, String remedy) {
    findings.add(Finding.lack(api.workspace().where(), what, text, remedy));
  }
}
