package dev.portage.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.portage.approval.DecisionMessage;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.job.NotebookOrder;
import dev.portage.job.Source;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Work;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadsTest {

  private final ObjectMapper mapper = Payloads.mapper();

  /** Every public record of the contracts, discovered automatically so that none is forgotten. */
  static Stream<Class<?>> records() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.portage")
            .stream()
            .filter(JavaClass::isRecord)
            .filter(type ->
                type.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
            .filter(type -> !type.getPackageName().startsWith("dev.portage.document"))
            // What a step hands to the next within a workflow is of any type, and no payload.
            .filter(type -> type.getTypeParameters().isEmpty())
            // Pages are rendered where they are built.
            .filter(type -> !type.getPackageName().equals("dev.portage.text"))
            .map(JavaClass::reflect);
  }

  @ParameterizedTest
  @MethodSource("records")
  void recordsSurviveSerialisation(Class<?> type) throws Exception {
    Object sample = Samples.of(type);
    assertThat(mapper.readValue(mapper.writeValueAsString(sample), type)).isEqualTo(sample);
  }

  @ParameterizedTest
  @MethodSource("records")
  void unknownFieldsOfANewerWriterAreIgnored(Class<?> type) throws Exception {
    Object sample = Samples.of(type);
    ObjectNode json = mapper.valueToTree(sample);
    json.put("addedInALaterRelease", "x");
    assertThat(mapper.treeToValue(json, type)).isEqualTo(sample);
  }

  @ParameterizedTest
  @MethodSource("records")
  void missingRequiredFieldsAreNamed(Class<?> type) throws Exception {
    for (RecordComponent component : Samples.componentsOf(type)) {
      ObjectNode json = mapper.valueToTree(Samples.of(type));
      json.remove(nameOf(component));
      if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        assertThat(mapper.treeToValue(json, type)).isNotNull();
      } else {
        assertThatThrownBy(() -> mapper.treeToValue(json, type))
            .hasMessageContaining(nameOf(component));
      }
    }
  }

  /** Its name in JSON, which remains when the component is renamed. */
  private static String nameOf(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null ? component.getName() : named.value();
  }

  @Test
  void nullInARequiredFieldIsRefusedByName() {
    assertThatThrownBy(() -> mapper.readValue("{\"kind\":\"USER\",\"tried\":null}", Problem.class))
        .hasMessageContaining("tried");
  }

  @Test
  void theSmallestDecisionHasRequestAndName() throws Exception {
    DecisionMessage message =
        mapper.readValue(
            "{\"request\":\"prod-1\",\"by\":\"ana@example.com\"}", DecisionMessage.class);
    assertThat(message.by()).isEqualTo("ana@example.com");
    assertThat(message.comment()).isNull();
  }

  @Test
  void olderPayloadsWithoutAFormMeanANotebook() throws Exception {
    String before = "{\"notebook\":\"t.py\",\"parameters\":{\"a\":\"1\"},\"timeout\":\"PT1H\"}";
    Work.Notebook notebook = new Work.Notebook("t.py", Map.of("a", "1"), Duration.ofHours(1));
    assertThat(mapper.readValue(before, Work.class)).isEqualTo(notebook);

    String batch =
        before.replaceFirst("}$", ",\"job\":\"j\",\"table\":\"t\",\"timezone\":\"UTC\"}");
    assertThat(mapper.readValue(batch, BatchSettings.class).scoring()).isEqualTo(notebook);

    String order =
        before.replaceFirst(
            "}$",
            ",\"workspace\":\"dev\",\"key\":\"k\",\"name\":\"n\",\"tags\":{},\"source\":"
                + mapper.writeValueAsString(Samples.of(Source.class))
                + "}");
    assertThat(mapper.readValue(order, NotebookOrder.class).running()).isEqualTo(notebook);
  }

  @Test
  void durationsAndNumbersReadAsPeopleWriteThem() throws Exception {
    assertThat(mapper.writeValueAsString(Duration.ofMinutes(90))).isEqualTo("\"PT1H30M\"");
    assertThat(mapper.readValue(mapper.writeValueAsString(List.of(Double.NaN)), Double[].class)[0])
        .isNaN();
    assertThat(mapper.writeValueAsString(FailureKind.USER)).isEqualTo("\"USER\"");
  }
}
