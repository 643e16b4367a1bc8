package dev.portage.temporal;

import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A complete sample of any type that occurs in a payload. */
final class Samples {

  private Samples() {}

  static Object of(Type type) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return switch (generic.getRawType().getTypeName()) {
        case "java.util.List" -> List.of(of(arguments[0]));
        case "java.util.Set" -> Set.of(of(arguments[0]));
        case "java.util.Map" -> Map.of((String) of(arguments[0]), of(arguments[1]));
        case "java.util.Optional" -> Optional.of(of(arguments[0]));
        default -> throw new IllegalArgumentException("no sample for " + type);
      };
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return record(plain);
    }
    if (plain.isSealed()) {
      return record(Objects.requireNonNull(plain.getPermittedSubclasses())[0]);
    }
    if (plain.isEnum()) {
      return Objects.requireNonNull(plain.getEnumConstants())[0];
    }
    return switch (plain.getName()) {
      case "java.lang.String" -> "text";
      case "com.fasterxml.jackson.databind.JsonNode" -> TextNode.valueOf("text");
      case "int", "java.lang.Integer" -> 7;
      case "long", "java.lang.Long" -> 8L;
      case "double", "java.lang.Double" -> 0.25;
      case "boolean", "java.lang.Boolean" -> true;
      case "java.net.URI" -> URI.create("https://example.com/x");
      case "java.time.Instant" -> Instant.parse("2026-01-02T03:04:05Z");
      case "java.time.Duration" -> Duration.ofMinutes(5);
      default -> throw new IllegalArgumentException("no sample for " + type);
    };
  }

  static RecordComponent[] componentsOf(Class<?> type) {
    return Objects.requireNonNull(type.getRecordComponents(), "not a record");
  }

  private static Object record(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = componentsOf(type);
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = of(components[i].getGenericType());
    }
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return constructor.newInstance(values);
  }
}
