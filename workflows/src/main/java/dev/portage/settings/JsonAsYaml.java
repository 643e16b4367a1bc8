package dev.portage.settings;

/**
 * JSON as the YAML reader understands it. JSON is YAML but for two things: it may be indented with
 * tabs, and it may escape a slash.
 */
final class JsonAsYaml {

  private JsonAsYaml() {}

  /** The same JSON, in the same lines. */
  static String of(String json) {
    StringBuilder yaml = new StringBuilder(json.length());
    boolean inText = false;
    for (int i = 0; i < json.length(); i++) {
      char at = json.charAt(i);
      if (inText && at == '\\' && i + 1 < json.length()) {
        i++;
        char escaped = json.charAt(i);
        yaml.append(escaped == '/' ? "/" : "\\" + escaped);
        continue;
      }
      inText ^= at == '"';
      yaml.append(!inText && at == '\t' ? ' ' : at);
    }
    return yaml.toString();
  }
}
