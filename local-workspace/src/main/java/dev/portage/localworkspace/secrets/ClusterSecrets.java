package dev.portage.localworkspace.secrets;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in the place of {@code {{secrets/SCOPE/KEY}}} when a cluster starts, with the
 * permissions of whom the run runs as.
 */
public final class ClusterSecrets {
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{secrets/([^/}]+)/([^/}]+)}}");
  private static final String BEGINS = "{{secrets/";

  private final SecretScopes scopes;

  /** Those of these scopes. */
  public ClusterSecrets(SecretScopes scopes) {
    this.scopes = scopes;
  }

  /** A cluster can't start for want of a secret. */
  public static final class Unresolved extends Exception {
    private Unresolved(String message) {
      super(message);
    }
  }

  /** Whether a setting is a reference as a whole. */
  public static boolean isReference(String value) {
    return value.strip().startsWith(BEGINS);
  }

  /**
   * The values of those settings that are references; others are left out.
   *
   * @param user whom the run runs as
   * @throws Unresolved says what is wrong, as the service does, and never a value
   */
  public Map<String, String> values(Map<String, String> settings, String user) throws Unresolved {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String written = setting.getValue().strip();
      if (!isReference(written)) {
        continue;
      }
      Matcher reference = REFERENCE.matcher(written);
      if (!reference.matches()) {
        throw new Unresolved(
            setting.getKey() + " must be a reference as a whole: {{secrets/<scope>/<key>}}");
      }
      values.put(
          setting.getKey(),
          value(String.valueOf(reference.group(1)), String.valueOf(reference.group(2)), user));
    }
    return values;
  }

  private String value(String scope, String key, String user) throws Unresolved {
    try {
      return new String(scopes.value(scope, key, user), StandardCharsets.UTF_8);
    } catch (ApiRefusal refusal) {
      throw new Unresolved(refusal.text());
    } catch (IOException e) {
      throw new Unresolved("Secret can't be read with scope: " + scope + " and key: " + key);
    }
  }
}
