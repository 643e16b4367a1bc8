package dev.portage.init;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Metrics that training code logs by name. */
final class Metrics {

  private static final Pattern ONE =
      Pattern.compile("\\blog_metric\\(\\s*(?:key\\s*=\\s*)?[\"']([^\"']+)[\"']");
  private static final Pattern MANY = Pattern.compile("(?s)\\blog_metrics\\(\\s*\\{(.*?)}\\s*[,)]");
  private static final Pattern KEY = Pattern.compile("[\"']([^\"']+)[\"']\\s*:");
  private static final Pattern LESS_IS_BETTER =
      Pattern.compile("(?i)(rmse|mae|mse|mape|smape|loss|error|err|deviance|brier)");

  private Metrics() {}

  static List<String> of(PythonCode code) {
    Set<String> names = new LinkedHashSet<>();
    ONE.matcher(code.code()).results().forEach(found -> names.add(String.valueOf(found.group(1))));
    Matcher many = MANY.matcher(code.code());
    while (many.find()) {
      KEY.matcher(String.valueOf(many.group(1)))
          .results()
          .forEach(found -> names.add(String.valueOf(found.group(1))));
    }
    return names.stream().filter(name -> !name.contains("{")).limit(5).toList();
  }

  /** The sign of a limit of it, by its name. */
  static String sign(String metric) {
    return LESS_IS_BETTER.matcher(metric).find() ? "<=" : ">=";
  }
}
