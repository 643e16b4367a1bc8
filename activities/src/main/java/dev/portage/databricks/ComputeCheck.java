package dev.portage.databricks;

import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.preflight.Finding;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the compute that a promotion needs with what a workspace offers: pools, node types,
 * policies and runtimes. Names everything that is missing, because a run would fail on the first
 * item alone, and only after hours.
 */
final class ComputeCheck {
  private final DatabricksApi api;
  private final Me login;
  private final Offers offers;
  private final SecretLook secrets;
  private final ServerlessLook serverless;
  private final Findings findings;

  ComputeCheck(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
    this.offers = new Offers(api);
    this.secrets = new SecretLook(api, login);
    this.serverless = new ServerlessLook(api);
    this.findings = new Findings(api.workspace().where());
  }

  /** The findings for these words; null stands for the default word of a step that names none. */
  List<Finding> look(Collection<@Nullable String> words) {
    for (String word : words) {
      String name = word == null || word.equals(ComputeSettings.DEFAULT) ? "" : word;
      findings.orLack(name.isEmpty() ? "compute" : "compute " + name, () -> look(word, name));
    }
    return findings.all();
  }

  /** The findings for pools and policies by name, as {@code pool:ml-small}. */
  List<Finding> lookAt(Collection<String> named) {
    Compute compute = new Compute(api, offers);
    for (String one : named) {
      String what = one.replaceFirst(":", " ");
      findings.orLack(what, () -> findings.ok(what, "id " + compute.idOf(one)));
    }
    return findings.all();
  }

  private void look(@Nullable String word, String name) {
    switch (api.workspace().compute(word)) {
      case ClusterCompute cluster ->
          new ClusterLook(name, cluster, api, login, offers, secrets, findings).look();
      case ComputeSettings none -> serverless(name, none.text());
    }
  }

  private void serverless(String name, String text) {
    String what = name.isEmpty() ? "compute" : "compute " + name;
    Optional<String> refusal = serverless.refusal();
    if (refusal.isPresent()) {
      findings.lack(
          what,
          "the workspace has no serverless compute for jobs: " + refusal.get(),
          "Have it enabled for the workspace, or name a pool, node-type or policy for "
              + (name.isEmpty() ? "the word default" : "the word " + name)
              + " in the platform file.");
    } else {
      findings.ok(what, name.isEmpty() ? text + ", since the platform file names no pool" : text);
    }
  }
}
