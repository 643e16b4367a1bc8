package dev.portage.databricks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import dev.portage.settings.ServeSettings.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a workspace offers the machines that a version is to be served on. No call lists them. So
 * an endpoint of that size is asked for, of a model that does not exist: nothing can come of it,
 * and a workspace that looks at the size first says what it offers instead. Any other answer says
 * nothing.
 */
final class OfferedSizes {
  private static final String BASE = "/api/2.0/serving-endpoints";

  private static final String NOWHERE = "portage-preflight";

  /** As "Workload type 'GPU_SMALL' with size 'Small' is not supported. Please choose …". */
  private static final Pattern NOT_OFFERED =
      Pattern.compile("workload type\\b.*\\bnot supported\\b(?<instead>.*)", Pattern.DOTALL);

  private static final Pattern TYPE = Pattern.compile("[a-z]+(_[a-z0-9]+)*");

  private final DatabricksApi api;

  OfferedSizes(DatabricksApi api) {
    this.api = api;
  }

  /** A lack if the workspace says so; each has machines without GPUs. */
  Optional<Finding> look(@Nullable Size size) {
    if (size == null || !isSpecial(size)) {
      return Optional.empty();
    }
    HttpAnswer answer =
        api.probe("ask for machines of " + size.written(), "POST", BASE, asking(size).toString());
    if (answer.isSuccess()) {
      api.probe(
          "delete the probing endpoint",
          "DELETE",
          BASE + "/" + DatabricksApi.escaped(NOWHERE),
          null);
      return Optional.empty();
    }
    Matcher refused = NOT_OFFERED.matcher(answer.message().toLowerCase(Locale.ROOT));
    return answer.status() == 400 && refused.find()
        ? Optional.of(
            Finding.failed(
                api.workspace().where(),
                "size of what is served",
                "serve.size is "
                    + size.written()
                    + ", which this workspace doesn't offer: "
                    + RightProbes.said(answer),
                "Set serve.size in promotion.yaml to one of: "
                    + offered(String.valueOf(refused.group("instead")))))
        : Optional.empty();
  }

  private static boolean isSpecial(Size size) {
    return !size.type().equals(Size.SMALL.type());
  }

  private static ObjectNode asking(Size size) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", NOWHERE);
    body.putObject("config")
        .putArray("served_entities")
        .addObject()
        .put("name", NOWHERE)
        .put("entity_name", NOWHERE)
        .put("entity_version", "1")
        .put("workload_size", size.word())
        .put("workload_type", size.type())
        .put("scale_to_zero_enabled", true);
    return body;
  }

  /**
   * Sizes on the machines that an answer names; those that every workspace has if it names none.
   */
  private static String offered(String instead) {
    List<String> types =
        TYPE.matcher(instead)
            .results()
            .map(found -> String.valueOf(found.group()).toUpperCase(Locale.ROOT))
            .toList();
    return Arrays.stream(Size.values())
        .filter(size -> !isSpecial(size) || types.contains(size.type()))
        .map(Size::written)
        .collect(Collectors.joining(", "));
  }
}
