package dev.portage.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The schema of one of the files that people write. Editors use the same text: it is published as
 * {@code schema/promotion.v1.json} and {@code schema/portage.v1.json}.
 *
 * <p>A value has a short form by having two types ({@code "type": ["string", "object"]}), never by
 * {@code anyOf}, whose errors tell about every branch at once.
 */
public final class DocumentSchema {

  /** Draft 2020-12, and our own word for what may stand somewhere, which checks nothing. */
  private static final Dialect DIALECT =
      Dialect.builder(Dialects.getDraft202012())
          .keyword(new NonValidationKeyword("x-allowed"))
          .build();

  private final Schema schema;

  private DocumentSchema(String resource) {
    this.schema =
        SchemaRegistry.withDefaultDialect(DIALECT).getSchema(text(resource), InputFormat.JSON);
    schema.initializeValidators();
  }

  /** The ML team's {@code promotion.yaml}. */
  public static DocumentSchema promotion() {
    return Promotion.SCHEMA;
  }

  /** The platform team's {@code portage.yaml}. */
  public static DocumentSchema platform() {
    return Platform.SCHEMA;
  }

  /** Everything in a file that the schema forbids, in order of lines. */
  public List<Complaint> check(YamlDocument document) {
    List<Complaint> complaints = new ArrayList<>();
    for (Error error : schema.validate(document.root())) {
      complaints.add(new SchemaError(document, schema.getSchemaNode(), error).complaint());
    }
    complaints.sort(Comparator.comparingInt(Complaint::line));
    return List.copyOf(complaints);
  }

  /** The file, if the schema allows it. */
  public Reading<YamlDocument> accept(YamlDocument document) {
    List<Complaint> complaints = check(document);
    return complaints.isEmpty() ? new Reading.Good<>(document) : new Reading.Wrong<>(complaints);
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

  private static final class Promotion {
    static final DocumentSchema SCHEMA = new DocumentSchema("promotion.v1.json");
  }

  private static final class Platform {
    static final DocumentSchema SCHEMA = new DocumentSchema("portage.v1.json");
  }
}
