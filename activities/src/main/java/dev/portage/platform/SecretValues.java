package dev.portage.platform;

import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.text.SecretShapes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secrets in the settings of tasks. Anyone who may see a job sees its variables and settings, so
 * these may only hold references to the workspace's own secrets: the workspace inserts the values
 * when the cluster starts.
 *
 * @see <a href="https://docs.databricks.com/aws/en/security/secrets/secrets-spark-conf-env-var">
 *     Secrets in Spark settings and environment variables</a>
 */
final class SecretValues {
  private static final String FORM = "{{secrets/SCOPE/KEY}}";

  private static final String WITHOUT_LOGIN =
      "a URL without a login; an index that needs one is set up in the workspace";

  /** The workspace takes a reference only as the whole of a value. */
  private static final Pattern REFERENCE =
      Pattern.compile("\\{\\{secrets/[\\w.@-]{1,128}/[\\w.@-]{1,128}}}");

  private static final Pattern LIKE_A_REFERENCE = Pattern.compile("(?i)\\{\\{\\s*secret");

  /** The platform file's own form, which only the worker can read. */
  private static final Pattern OF_THE_WORKER =
      Pattern.compile("(env:[A-Za-z_]\\w*|keyvault:[A-Za-z0-9-]+/\\S+)");

  /** How names end whose values are secrets: a word of its own, so TOKENIZERS_PARALLELISM isn't. */
  private static final Pattern NAMES_A_SECRET =
      Pattern.compile(
          "(^|[._-])(password|passwd|pwd|secret|token|credentials?"
              + "|(api|account|access|secret|private|storage|shared|sas|subscription|client)[._-]?key"
              + "|apikey|connection[._-]?string)$|account[.]key[.]|client[.]secret[.]"
              + "|sas[.](fixed[.])?token[.]");

  private SecretValues() {}

  /**
   * Reports a value that is a secret, or an invalid reference to one.
   *
   * @param name of the variable or setting; null for a value that can't be a reference
   * @return whether it did
   */
  static boolean refuse(
      YamlDocument document,
      String pointer,
      @Nullable String name,
      String value,
      List<ValidationError> errors) {
    String at = pointer.substring(1).replace('/', '.').replace("~1", "/");
    String what = null;
    Optional<SecretShapes.Found> secret =
        SecretShapes.find(value).or(() -> SecretShapes.find(name == null ? "" : name));
    if (secret.isPresent()) {
      what = at + " holds " + secret.get().name();
    } else if (name == null || REFERENCE.matcher(value).matches()) {
      return false;
    } else if (LIKE_A_REFERENCE.matcher(value).find() || OF_THE_WORKER.matcher(value).matches()) {
      what = at + " is not a reference to one of the workspace's own secrets";
    } else if (!value.isEmpty() && NAMES_A_SECRET.matcher(name.toLowerCase(Locale.ROOT)).find()) {
      what = at + " is named like a secret, but contains a value";
    }
    if (what == null) {
      return false;
    }
    // The value itself is not repeated.
    ValidationError error =
        document.error(
            pointer,
            what,
            name == null ? WITHOUT_LOGIN : FORM + ", with a scope and key of the workspace",
            null);
    if (!errors.contains(error)) {
      errors.add(error);
    }
    return true;
  }
}
