package dev.portage.command;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The output formats of a command. */
enum Output {
  TEXT,
  /** One JSON document. */
  JSON,
  /** Text, with logging commands for the agent. */
  AZURE_DEVOPS,
  /** A page; for {@code report}. */
  MARKDOWN;

  String typed() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads an option's value. */
  static final class Converter implements ITypeConverter<Output> {
    @Override
    public Output convert(String value) {
      List<Output> all = List.of(values());
      return all.stream()
          .filter(output -> output.typed().equals(value))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "\""
                      + value
                      + "\" is unknown; allowed: "
                      + String.join(", ", typed(all.stream()))));
    }

    private static List<String> typed(Stream<Output> outputs) {
      return outputs.map(Output::typed).toList();
    }
  }
}
