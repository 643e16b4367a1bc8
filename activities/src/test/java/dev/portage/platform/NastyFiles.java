package dev.portage.platform;

import java.util.List;
import java.util.Random;

/**
 * Generates broken files: good ones with pieces removed, doubled or replaced by what breaks
 * parsers, and entirely random ones. The same seed gives the same files.
 */
final class NastyFiles {

  private static final List<String> PIECES =
      List.of(
          ": ",
          "- ",
          "? ",
          "| \n",
          "> \n",
          "{",
          "}",
          "[",
          "]",
          ",",
          "\n",
          "\r\n",
          "\t",
          "  ",
          "#",
          "&a ",
          "*a",
          "<<: *a\n",
          "!!binary ",
          "!x ",
          "%YAML 1.2\n",
          "---\n",
          "...\n",
          "'",
          "\"",
          "\"\\UFFFFFFFF\"",
          "\"\\ud800\"",
          "\"\\0\"",
          "\"\\e[2J\"",
          "\\x",
          "null",
          "~",
          "true",
          "1e999",
          "-1e-999",
          "0x1F",
          "007",
          ".nan",
          "-.inf",
          "1_0",
          "9".repeat(200),
          "2026-01-01",
          "\u202e",
          "\u200b",
          "\u0085",
          "\u2028",
          "\u0007",
          "\u001b[1m",
          "\ufeff",
          "\ud800",
          "精度",
          "\ud83d\ude00",
          "x".repeat(3000),
          "../../etc/passwd.py",
          "a\n/../b.py",
          "://u:p@h:99999",
          "env:X",
          "keyvault:a/b",
          "dapi0123456789abcdef0123",
          "{model}{model}",
          "*".repeat(60),
          "0 0 6 30 2 ?",
          "*/61 * * * * ?",
          "PT0S",
          "P999DT9999H",
          "0 weeks",
          "99999999s",
          ">= 1e308",
          "<= -0");

  private static final List<String> KEYS =
      List.of(
          "model",
          "registered-as",
          "experiment",
          "check",
          "train",
          "gates",
          "batch",
          "path",
          "notebook",
          "parameters",
          "timeout",
          "limit",
          "tolerance",
          "table",
          "job",
          "schedule",
          "timezone",
          "verify",
          "serve",
          "workspaces",
          "tiers",
          "groups",
          "identity",
          "host",
          "mlflow",
          "token",
          "models",
          "marking",
          "approve",
          "expires",
          "ledger",
          "kind",
          "",
          "0");

  private final Random random;

  NastyFiles(long seed) {
    random = new Random(seed);
  }

  /** A file like a good one. */
  String like(String good) {
    StringBuilder text = new StringBuilder(good);
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(6)) {
        case 0 -> text.insert(at, piece());
        case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
        case 2 ->
            text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
        case 3 -> value(text, piece());
        case 4 -> value(text, "\"" + piece().replace("\"", "") + "\"");
        default -> text.insert(at, character());
      }
    }
    return text.toString();
  }

  /** Keys and pieces in random order, nested endlessly, or one thing repeated. */
  String madeUp() {
    StringBuilder text = new StringBuilder();
    int lines = random.nextInt(60);
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = 0; i < lines; i++) {
          text.append(" ".repeat(random.nextInt(6))).append(key()).append(": ").append(piece());
          text.append('\n');
        }
      }
      case 1 -> text.append((piece() + key()).repeat(random.nextInt(2000)));
      case 2 -> {
        String open = random.nextBoolean() ? "[" : "{a: ";
        text.append("model: x\n").append(key()).append(": ").append(open.repeat(lines * 40));
      }
      default -> {
        for (int i = 0; i < lines * 60; i++) {
          text.append(key()).append(i).append(": ").append(piece()).append('\n');
        }
      }
    }
    return text.toString();
  }

  private void value(StringBuilder text, String value) {
    int colon = text.indexOf(": ", random.nextInt(text.length() + 1));
    if (colon >= 0) {
      int end = text.indexOf("\n", colon);
      text.replace(colon + 2, end < 0 ? text.length() : end, value);
    }
  }

  private String piece() {
    return PIECES.get(random.nextInt(PIECES.size()));
  }

  private String key() {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  private String character() {
    int character = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(256);
    return new String(Character.toChars(character));
  }
}
