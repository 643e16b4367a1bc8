package dev.portage.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import dev.portage.text.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The schema of one of the files that people write. Editors use the same text: it is published as
 * {@code schema/promotion.v1.json}, {@code schema/portage.v1.json} and {@code
 * schema/job-settings.v1.json}.
 *
 * <p>A value has a short form through two types ({@code "type": ["string", "object"]}), never
 * through {@code anyOf}, whose errors mention every branch at once.
 */
public final class DocumentSchema {

  /** Draft 2020-12, and our own keyword for what is allowed, which checks nothing. */
  private static final Dialect DIALECT =
      Dialect.builder(Dialects.getDraft202012())
          .keyword(new NonValidationKeyword("x-allowed"))
          .build();

  /**
   * The value of a widget arrives in the notebook as it is written, in as many lines as it has; so
   * do those of a job's tasks, and texts that a model is asked about.
   */
  private static final Pattern WIDGET_VALUE =
      Pattern.compile(
          "/(check|train|batch)/parameters/[^/]*|/parameters/[0-9]+/default|/description"
              + "|/tasks/.*/(base_parameters|named_parameters|parameters|spark_conf)/[^/]*"
              + "|/tasks/.*/description|(/serve/cases)?/[0-9]+/(request|answer)/.*");

  /** Leaving something out makes what it stood in incomplete, level by level. */
  private static final int MOST_ROUNDS = NodeTree.MAX_DEPTH + 1;

  private final Schema schema;

  private DocumentSchema(String text) {
    this.schema = SchemaRegistry.withDefaultDialect(DIALECT).getSchema(text, InputFormat.JSON);
    schema.initializeValidators();
  }

  private static DocumentSchema ofResource(String resource) {
    return new DocumentSchema(text(resource));
  }

  /** The ML team's {@code promotion.yaml}. */
  public static DocumentSchema promotion() {
    return Promotion.SCHEMA;
  }

  /** The platform team's {@code portage.yaml}. */
  public static DocumentSchema platform() {
    return Platform.SCHEMA;
  }

  /** The settings of a team's scoring job. */
  public static DocumentSchema jobSettings() {
    return JobSettings.SCHEMA;
  }

  /** The cases of a smoke test in a file of their own: a list of those of a promotion.yaml. */
  public static DocumentSchema cases() {
    return Cases.SCHEMA;
  }

  /**
   * Everything in a file that the schema forbids, in order of lines. A value of several lines is
   * forbidden too, but for a widget's: a pattern whose {@code .} or {@code $} stops at a line break
   * would look at one of them alone.
   */
  public List<ValidationError> check(YamlDocument document) {
    return faults(document).stream()
        .map(Fault::error)
        .sorted(Comparator.comparingInt(ValidationError::line))
        .toList();
  }

  /**
   * What the schema allows of a document, and what it forbids. The rest keeps to the schema, except
   * that a value that must be there has an example of the schema in its place.
   */
  public Partly<YamlDocument> partly(YamlDocument document) {
    List<ValidationError> errors = new ArrayList<>();
    YamlDocument rest = document;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<Fault> faults = faults(rest);
      if (faults.isEmpty()) {
        return rest.partly(errors);
      }
      for (Fault fault : faults) {
        // What is missing only because it was left out was reported already.
        if (round == 0 && document.knows(fault.about())) {
          errors.add(fault.error());
        }
        rest = without(rest, fault);
      }
      if (rest.isUnreadable()) {
        break;
      }
    }
    return Partly.nothing(errors);
  }

  private YamlDocument without(YamlDocument document, Fault fault) {
    boolean isMissing = !fault.about().equals(fault.refused());
    if (isMissing && fault.refused().isEmpty()) {
      String key = fault.about().substring(1);
      JsonNode example = json().path("properties").path(key).path("examples").path(0);
      return example.isMissingNode()
          ? document.without(List.of(""))
          : document.standIn(key, example);
    }
    YamlDocument rest = document.without(List.of(fault.refused()));
    if (fault.keyOf() == null) {
      return rest;
    }
    if (fault.meant() == null) {
      return rest.doubting(fault.keyOf());
    }
    // Where the key is there as well, the unknown one is not meant for it.
    boolean isThere = !document.root().at(fault.meant()).isMissingNode();
    return isThere ? rest : rest.without(List.of(fault.meant()));
  }

  /**
   * One thing that the schema forbids.
   *
   * @param about JSON pointer of what is wrong; of a missing key where it would be
   * @param refused JSON pointer of what can't be used therefore
   * @param keyOf JSON pointer of the map that an unknown key is in; null where that isn't the fault
   * @param meant JSON pointer of the missing key that an unknown one may be meant for; null for
   *     none
   */
  record Fault(
      String about,
      String refused,
      @Nullable String keyOf,
      @Nullable String meant,
      ValidationError error) {}

  private List<Fault> faults(YamlDocument document) {
    List<Fault> faults = new ArrayList<>();
    refuseHidden(document, document.root(), "", faults);
    Set<String> hidden = faults.stream().map(Fault::refused).collect(Collectors.toSet());
    List<Error> found = schema.validate(document.root());
    Set<String> otherType =
        found.stream()
            .filter(error -> error.getKeyword().equals("type"))
            .map(error -> error.getInstanceLocation().toString())
            .collect(Collectors.toSet());
    for (Error error : found) {
      // What has another type is none of the values that are allowed either.
      if (!error.getKeyword().equals("enum")
          || !otherType.contains(error.getInstanceLocation().toString())) {
        Fault fault = new SchemaError(document, schema.getSchemaNode(), error).toFault();
        if (!hidden.contains(fault.refused())) {
          faults.add(fault);
        }
      }
    }
    return faults;
  }

  private static void refuseHidden(
      YamlDocument document, JsonNode node, String pointer, List<Fault> faults) {
    if (WIDGET_VALUE.matcher(pointer).matches()) {
      return;
    }
    if (node.isTextual() && !node.asText().codePoints().allMatch(Visible::isShown)) {
      ValidationError error =
          document.error(
              pointer,
              (pointer.isEmpty() ? "the file" : pointer.substring(1).replace('/', '.'))
                  + " contains line breaks or invisible characters",
              "one line of letters, digits, punctuation and spaces",
              null);
      faults.add(new Fault(pointer, pointer, null, null, error));
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      String inner = pointer + "/" + YamlDocument.escape(property.getKey());
      refuseHidden(document, property.getValue(), inner, faults);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      refuseHidden(document, node.path(i), pointer + "/" + i, faults);
    }
  }

  /** The file, if the schema allows it. */
  public Reading<YamlDocument> accept(YamlDocument document) {
    List<ValidationError> errors = check(document);
    return errors.isEmpty() ? new Reading.Good<>(document) : new Reading.Wrong<>(errors);
  }

  /** The schema itself, for those who publish it. */
  public JsonNode json() {
    return schema.getSchemaNode();
  }

  private static String text(String resource) {
    try (InputStream in = DocumentSchema.class.getResourceAsStream("/schema/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("schema " + resource + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read schema " + resource, e);
    }
  }

  private static final class JobSettings {
    static final DocumentSchema SCHEMA = ofResource("job-settings.v1.json");
  }

  private static final class Cases {
    static final DocumentSchema SCHEMA = new DocumentSchema(text());

    private static String text() {
      JsonNode promotion = promotion().json();
      ObjectNode list = JsonNodeFactory.instance.objectNode();
      list.set("$schema", promotion.path("$schema"));
      list.put("type", "array")
          .put("minItems", 1)
          .put("maxItems", promotion.at("/properties/serve/properties/cases/maxItems").asInt())
          .put("x-allowed", "a list of cases, each with a request");
      list.putObject("items").put("$ref", "#/$defs/case");
      list.set("$defs", promotion.path("$defs"));
      return list.toString();
    }
  }

  private static final class Promotion {
    static final DocumentSchema SCHEMA = ofResource("promotion.v1.json");
  }

  private static final class Platform {
    static final DocumentSchema SCHEMA = ofResource("portage.v1.json");
  }
}
