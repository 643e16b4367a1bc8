package dev.portage.adopt;

import dev.portage.activity.Stubs;
import dev.portage.live.LiveState;
import dev.portage.live.LiveStates;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointState;
import dev.portage.settings.Station.Capability;
import java.util.ArrayList;
import java.util.List;

/** The endpoint that serves what is live. */
final class AdoptableEndpoint implements Adoptable {

  @Override
  public String thing() {
    return LiveStates.endpoint();
  }

  @Override
  public String plural() {
    return "endpoints";
  }

  @Override
  public String option() {
    return "--endpoint";
  }

  @Override
  public Capability capability() {
    return Capability.SERVE;
  }

  @Override
  public AdoptedThing find(AdoptContext context, String named) {
    return adopted(
        context,
        endpoints(context, "find endpoint " + named).findEndpointToAdopt(order(context, named)));
  }

  @Override
  public boolean isSame(LiveState recorded, AdoptedThing found) {
    String id = LiveStates.endpointName(recorded);
    return id == null || found.id().equals(id);
  }

  /** First: so history has all that is needed to undo and to restore it before it changes. */
  @Override
  public AdoptedThing store(AdoptContext context, AdoptedThing found) {
    return adopted(
        context,
        endpoints(context, "store what " + found.shown() + " serves")
            .storeEndpointToAdopt(order(context, found.id())));
  }

  @Override
  public AdoptedThing tag(AdoptContext context, AdoptedThing stored) {
    AdoptedEndpoint tagged =
        endpoints(context, "tag " + stored.shown()).tagEndpoint(order(context, stored.id()));
    return adopted(
        context, new AdoptedEndpoint(tagged.state(), tagged.tagged(), stored.state().settings()));
  }

  @Override
  public void untag(AdoptContext context, AdoptedThing tagged) {
    endpoints(context, "remove the tags of " + tagged.shown())
        .untagEndpoint(order(context, tagged.id()));
  }

  @Override
  public String byHand(AdoptedThing tagged) {
    return "databricks serving-endpoints patch "
        + tagged.id()
        + " --json '{\"delete_tags\":[\"portage_model\",\"portage_workspace\"]}'";
  }

  private static AdoptedThing adopted(AdoptContext context, AdoptedEndpoint found) {
    EndpointState state = found.state();
    EndpointConfig live = state.config().live();
    String shown = "endpoint " + state.name();
    List<String> remarks = new ArrayList<>();
    if (live.served().stream().anyMatch(one -> !one.version().equals(context.version()))) {
      remarks.add(
          shown
              + " serves "
              + live.text()
              + ", and version "
              + context.version()
              + " is the champion; it is recorded as it is");
    }
    return new AdoptedThing(
        state.name(),
        shown,
        found.tagged(),
        null,
        LiveStates.endpoint(state, found.settings()),
        remarks);
  }

  private static AdoptEndpointOrder order(AdoptContext context, String endpoint) {
    return new AdoptEndpointOrder(
        context.workspace(),
        context.model(),
        context.target().model(),
        endpoint,
        context.key(),
        context.grant());
  }

  private static AdoptEndpointActivities endpoints(AdoptContext context, String summary) {
    return Stubs.quick(
        AdoptEndpointActivities.class, context.queue(), context.retryTimeout(), summary);
  }
}
