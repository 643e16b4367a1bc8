package dev.portage.store;

/**
 * Which file names can be copied. Refused are names that could leave the model's folder, and names
 * that an MLflow server would not return unchanged: it decodes twice, so {@code %} can make two
 * names one, and it answers 400 to {@code #}.
 */
public final class ArtifactPath {
  private static final int LONGEST = 1024;

  private ArtifactPath() {}

  /** Why a path is refused, as the end of "the file … "; empty when it is fine. */
  public static String objection(String path) {
    if (path.isEmpty()) {
      return "has no name";
    }
    if (path.length() > LONGEST) {
      return "has a path of more than " + LONGEST + " characters";
    }
    if (path.startsWith("/") || path.matches("(?s)[A-Za-z]:.*")) {
      return "has an absolute path";
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (Character.isISOControl(c)) {
        return "has a control character in its name";
      }
      if (c == '#' || c == '%' || c == '\\') {
        return "has '" + c + "' in its name";
      }
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return "has '" + part + "' as a part of its path";
      }
    }
    return "";
  }

  /** A path for use in a message: control characters would forge lines. */
  public static String shown(String path) {
    String text = path.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
