package dev.portage.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What texts in Python code come to, as far as that can be read off: literals, variables, defaults
 * of widgets and of environment variables, and f-strings made of those.
 */
final class PythonValues {

  private static final int DEPTH = 6;
  private static final Pattern LITERAL =
      Pattern.compile("(?s)[rRuUbB]{0,2}([\"'])((?:(?!\\1).)*)\\1");
  private static final Pattern FORMATTED =
      Pattern.compile("(?s)[fF][rR]?([\"'])((?:(?!\\1).)*)\\1");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern WIDGET =
      Pattern.compile("dbutils\\.widgets\\.get\\(\\s*[\"']([^\"']+)[\"']\\s*\\)");
  private static final Pattern ENVIRONMENT =
      Pattern.compile("os\\.(?:environ\\.get|getenv)\\(\\s*[\"'][^\"']+[\"']\\s*,\\s*(.+)\\)");
  private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");

  private final String code;

  PythonValues(String code) {
    this.code = code;
  }

  /** Arguments of the first call of a function, as they are written; empty without a call. */
  Optional<List<String>> call(String function) {
    Matcher call = Pattern.compile("\\b" + Pattern.quote(function) + "\\s*\\(").matcher(code);
    return call.find() ? Optional.of(arguments(call.end())) : Optional.empty();
  }

  /**
   * Everything that is given by a name, as {@code registered_model_name=NAME}; as it is written.
   */
  Optional<String> given(String keyword) {
    Matcher given =
        Pattern.compile("\\b" + Pattern.quote(keyword) + "\\s*=(?!=)\\s*").matcher(code);
    return given.find() ? arguments(given.end()).stream().findFirst() : Optional.empty();
  }

  /** Splits at commas up to the closing bracket, ignoring those inside brackets and quotes. */
  private List<String> arguments(int from) {
    List<String> arguments = new ArrayList<>();
    StringBuilder argument = new StringBuilder();
    int depth = 0;
    char quote = 0;
    for (int at = from; at < code.length(); at++) {
      char c = code.charAt(at);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if ("([{".indexOf(c) >= 0) {
        depth++;
      } else if (")]}".indexOf(c) >= 0) {
        depth--;
      }
      boolean ends = depth < 0 || (depth == 0 && c == '\n' && from > 0 && isAssignment(from));
      if (ends || (depth == 0 && quote == 0 && c == ',')) {
        arguments.add(argument.toString().strip());
        argument.setLength(0);
        if (ends) {
          break;
        }
      } else {
        argument.append(c);
      }
    }
    if (!argument.toString().isBlank()) {
      arguments.add(argument.toString().strip());
    }
    return arguments.stream().filter(text -> !text.isEmpty()).toList();
  }

  private boolean isAssignment(int from) {
    return code.lastIndexOf('(', from - 1) < code.lastIndexOf('\n', from - 1);
  }

  /** The value of an expression; empty if only a run can determine it. */
  Optional<String> value(String expression) {
    return value(expression.strip(), DEPTH);
  }

  private Optional<String> value(String expression, int depth) {
    if (depth == 0) {
      return Optional.empty();
    }
    Matcher literal = LITERAL.matcher(expression);
    if (literal.matches()) {
      return Optional.of(String.valueOf(literal.group(2)));
    }
    Matcher formatted = FORMATTED.matcher(expression);
    if (formatted.matches()) {
      return Optional.of(filled(String.valueOf(formatted.group(2)), depth));
    }
    if (NAME.matcher(expression).matches()) {
      return assigned(expression).flatMap(given -> value(given, depth - 1));
    }
    Matcher widget = WIDGET.matcher(expression);
    if (widget.matches()) {
      return widget(String.valueOf(widget.group(1))).flatMap(given -> value(given, depth - 1));
    }
    Matcher environment = ENVIRONMENT.matcher(expression);
    return environment.matches()
        ? value(String.valueOf(environment.group(1)).strip(), depth - 1)
        : Optional.empty();
  }

  /** A part that only a run can determine stays in braces. */
  private String filled(String text, int depth) {
    Matcher place = PLACE.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (place.find()) {
      String whole = String.valueOf(place.group());
      String value = value(String.valueOf(place.group(1)).strip(), depth - 1).orElse(whole);
      place.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    place.appendTail(filled);
    return filled.toString();
  }

  private Optional<String> assigned(String name) {
    Matcher assignment =
        Pattern.compile("(?m)^[ \\t]*" + name + "(?:\\s*:\\s*\\w+)?[ \\t]*=(?!=)[ \\t]*(.+)$")
            .matcher(code);
    return assignment.find()
        ? Optional.of(withoutRemark(String.valueOf(assignment.group(1))))
        : Optional.empty();
  }

  private static String withoutRemark(String expression) {
    int remark = expression.lastIndexOf(" #");
    return (remark < 0 ? expression : expression.substring(0, remark)).strip();
  }

  /** Default of a widget, as it is written; empty where the code declares no such widget. */
  Optional<String> widget(String name) {
    Matcher widget =
        Pattern.compile(
                "dbutils\\.widgets\\.(?:text|dropdown|combobox)\\(\\s*(?:name\\s*=\\s*)?[\"']"
                    + Pattern.quote(name)
                    + "[\"']\\s*(?:,|\\))")
            .matcher(code);
    if (!widget.find()) {
      return Optional.empty();
    }
    List<String> rest = code.charAt(widget.end() - 1) == ')' ? List.of() : arguments(widget.end());
    String first = rest.isEmpty() ? "\"\"" : rest.getFirst();
    return Optional.of(first.replaceFirst("^defaultValue\\s*=\\s*", ""));
  }

  /**
   * Whether the code takes a parameter of that name: as a widget, or as a command line. Names may
   * stand in a list that a loop goes through.
   */
  boolean takes(String name) {
    if ((code.contains("widgets.") || code.contains("add_argument"))
        && Pattern.compile("[\"']" + Pattern.quote(name) + "[\"']").matcher(code).find()) {
      return true;
    }
    return Pattern.compile(
            "widgets\\.(?:get|text|dropdown|combobox)\\(\\s*(?:name\\s*=\\s*)?[\"']"
                + Pattern.quote(name)
                + "[\"']|--"
                + Pattern.quote(name)
                + "\\b|widgets\\.getAll\\(")
        .matcher(code)
        .find();
  }
}
