package dev.portage.init;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a project's model is called, and where it says so. */
final class ModelNames {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern EXPERIMENT =
      Pattern.compile("set_experiment\\(\\s*(?:experiment_name\\s*=\\s*)?([^)]+)\\)");

  private ModelNames() {}

  /**
   * A name.
   *
   * @param model name of the model, as {@code promotion.yaml} allows it
   * @param registeredAs name of the registered model, null where it is the same
   * @param where where it was found
   */
  record Named(String model, @Nullable String registeredAs, String where) {}

  /**
   * The name of a registered model as it is, "main.ml.churn" by its last part.
   *
   * @return empty where it is no name
   */
  static Optional<Named> of(String registered, String where) {
    String last = registered.substring(registered.lastIndexOf('.') + 1).strip();
    if (last.isEmpty() || last.matches(".*[{}/:$].*")) {
      return Optional.empty();
    }
    String model = model(last);
    return NAME.matcher(model).matches()
        ? Optional.of(new Named(model, model.equals(last) ? null : last, where))
        : Optional.empty();
  }

  /** Whether it is a model's name as it stands. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** A name from any text: what a model's name may not hold becomes a hyphen. */
  static String model(String text) {
    String model =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9_-]+", "-")
            .replaceAll("^[^a-z0-9]+", "")
            .replaceAll("-+$", "");
    return model.length() > 63 ? model.substring(0, 63) : model;
  }

  /** The name that training code, the bundle or at last the folder gives. */
  static Named find(List<PythonCode> training, Bundle bundle, String folder) {
    for (PythonCode code : training) {
      Optional<Named> registered = registered(code);
      if (registered.isPresent()) {
        return registered.get();
      }
    }
    Optional<Named> bundled = bundle.model().flatMap(name -> of(name, "the bundle"));
    if (bundled.isPresent()) {
      return bundled.get();
    }
    for (PythonCode code : training) {
      Optional<Named> experiment = experiment(code);
      if (experiment.isPresent()) {
        return experiment.get();
      }
    }
    String model = model(folder);
    return new Named(
        NAME.matcher(model).matches() ? model : "model", null, "the name of the folder");
  }

  private static Optional<Named> registered(PythonCode code) {
    PythonValues values = new PythonValues(code.code());
    Optional<String> keyword = values.given("registered_model_name");
    Optional<String> written =
        keyword.isPresent() ? keyword : values.call("register_model").flatMap(ModelNames::second);
    String function = keyword.isPresent() ? "registered_model_name" : "register_model";
    return written
        .flatMap(values::value)
        .flatMap(name -> of(name, function + " in " + code.name()));
  }

  private static Optional<String> second(List<String> arguments) {
    return arguments.stream()
        .filter(argument -> argument.matches("(?s)name\\s*=(?!=).*"))
        .map(argument -> argument.replaceFirst("name\\s*=\\s*", ""))
        .findFirst()
        .or(() -> arguments.stream().skip(1).findFirst());
  }

  private static Optional<Named> experiment(PythonCode code) {
    Matcher set = EXPERIMENT.matcher(code.code());
    return set.find()
        ? new PythonValues(code.code())
            .value(String.valueOf(set.group(1)))
            .map(path -> model(path.substring(path.lastIndexOf('/') + 1)))
            .filter(name -> NAME.matcher(name).matches())
            .map(name -> new Named(name, null, "the experiment in " + code.name()))
        : Optional.empty();
  }
}
