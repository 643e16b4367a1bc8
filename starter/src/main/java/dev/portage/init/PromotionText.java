package dev.portage.init;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a {@code promotion.yaml} as a person would: the short forms, and a remark where it helps.
 */
record PromotionText(
    ModelNames.Named name,
    Candidate train,
    Optional<Candidate> batch,
    Optional<Candidate> check,
    String table,
    Map<String, String> gates,
    List<String> metrics) {

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "# How this model goes to production; every setting: portage plan promotion.yaml --effective\n");
    text.append("model: ").append(scalar(name.model())).append('\n');
    String registeredAs = name.registeredAs();
    if (registeredAs != null) {
      text.append("registered-as: ").append(scalar(registeredAs)).append('\n');
    }
    check.ifPresent(step -> text.append(step("check", step, "runs before training is paid for")));
    text.append(step("train", train, "unchanged; its MLflow run is found automatically"));
    gates(text);
    batch.ifPresent(scoring -> batch(text, scoring));
    return text.toString();
  }

  private static String step(String key, Candidate step, String remark) {
    return switch (step.form()) {
      case NOTEBOOK ->
          "%s: %s  # %s%n".formatted(key, scalar(step.name()), remark).replace("\r", "");
      case SCRIPT, JOB, SETTINGS, WHEEL -> key + ":\n" + work(step);
    };
  }

  private static String work(Candidate step) {
    if (step.form() != Candidate.Form.WHEEL) {
      return "  " + step.form().word() + ": " + scalar(step.name()) + "\n";
    }
    int colon = step.name().indexOf(':');
    String pack = colon < 0 ? step.name() : step.name().substring(0, colon);
    String entryPoint = colon < 0 ? "main" : step.name().substring(colon + 1);
    return "  wheel:\n    package: "
        + scalar(pack)
        + "\n    entry-point: "
        + scalar(entryPoint)
        + "\n    # file: /Volumes/CATALOG/SCHEMA/VOLUME/{commit}/"
        + remark(pack)
        + ".whl  # if the compute does not provide the package\n";
  }

  /** A remark ends with its line, and what follows would be YAML. */
  private static String remark(String text) {
    return text.replaceAll("[^\\w.+-]+", "_");
  }

  private void gates(StringBuilder text) {
    if (!gates.isEmpty()) {
      text.append("gates:  # and, by default, not worse than the champion\n");
      gates.forEach((metric, limit) ->
          text.append("  ").append(scalar(metric)).append(": \"").append(limit).append("\"\n"));
      return;
    }
    text.append("# gates:  # limits; with one, a model must also not be worse than the champion\n");
    List<String> shown = metrics.isEmpty() ? List.of("METRIC") : metrics;
    shown.forEach(metric ->
        text.append("#   ")
            .append(scalar(metric))
            .append(": \"")
            .append(Metrics.sign(metric))
            .append(" NUMBER\"\n"));
  }

  private void batch(StringBuilder text, Candidate scoring) {
    text.append("batch:\n").append(work(scoring));
    text.append("  table: ").append(scalar(table)).append('\n');
    if (scoring.form() != Candidate.Form.JOB && scoring.form() != Candidate.Form.SETTINGS) {
      text.append("  # schedule: \"0 0 6 * * ?\"  # daily at six, in Databricks' own cron form\n");
    }
  }

  /** In quotes where YAML would read it as something else. */
  private static String scalar(String text) {
    return text.matches("[A-Za-z_./][\\w./-]*")
            && !text.matches("(?i)true|false|yes|no|on|off|null|y|n")
        ? text
        : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
