package dev.portage.start;

import dev.portage.checkout.Checkout;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.settings.PromotionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files named {@code promotion.yaml} of a checkout, as they are in the working copy. */
public final class PromotionFiles {

  /** What {@code portage} looks for where nobody names a file. */
  public static final String NAME = "promotion.yaml";

  private static final Pattern MODEL = Pattern.compile("(?m)^model:[ \t]*[\"']?([a-z0-9_-]+)");

  private PromotionFiles() {}

  /**
   * One of them.
   *
   * @param path where it is
   * @param model the model that it names; null where it names none
   * @param errors what is wrong with it, a line each; empty for a good one
   */
  public record Entry(Path path, @Nullable String model, List<String> errors) {
    public Entry {
      errors = List.copyOf(errors);
    }
  }

  /**
   * The folder's own; where it has none, those below it; where there is none either, all of the
   * checkout.
   */
  public static List<Entry> of(Checkout checkout) {
    return checkout.files().named(NAME).stream()
        .map(name -> read(checkout.top().resolve(name)))
        .toList();
  }

  /** The models that they promote. */
  public static List<String> models(List<Entry> files) {
    return files.stream()
        .flatMap(file -> Optional.ofNullable(file.model()).stream())
        .distinct()
        .toList();
  }

  private static Entry read(Path path) {
    String text;
    try {
      text = Files.readString(path);
    } catch (IOException e) {
      return new Entry(path, null, List.of("can't be read: " + e.getMessage()));
    }
    return switch (PromotionFile.read(NAME, text)) {
      case Reading.Good<PromotionFile>(PromotionFile good) ->
          new Entry(path, good.model(), List.of());
      case Reading.Wrong<PromotionFile>(List<ValidationError> wrong) ->
          new Entry(path, model(text), wrong.stream().map(ValidationError::toString).toList());
    };
  }

  /** A file with an error further down still says which model it is about. */
  private static @Nullable String model(String text) {
    Matcher found = MODEL.matcher(text);
    return found.find() ? found.group(1) : null;
  }
}
