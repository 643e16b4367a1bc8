package dev.portage.kind;

import dev.portage.databricks.ActivityWait;
import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.DatabricksClients;
import dev.portage.databricks.DatabricksInspection;
import dev.portage.databricks.DatabricksJobs;
import dev.portage.databricks.EndpointAdoption;
import dev.portage.databricks.JobAdoption;
import dev.portage.databricks.ModelTriggers;
import dev.portage.databricks.RunsLeft;
import dev.portage.databricks.ServingEndpoints;
import dev.portage.databricks.Statements;
import dev.portage.databricks.TableRights;
import dev.portage.delta.DeltaTables;
import dev.portage.delta.Leftovers;
import dev.portage.delta.TableInspection;
import dev.portage.duplicates.DuplicateRemoval;
import dev.portage.eventlog.EventLog;
import dev.portage.eventlog.FreezeInspection;
import dev.portage.eventlog.LogInspection;
import dev.portage.eventlog.MlflowReleases;
import dev.portage.eventlog.QuarantineInspection;
import dev.portage.eventlog.WorkspaceClearance;
import dev.portage.eventlog.WorkspaceFreezes;
import dev.portage.eventlog.WorkspaceQuarantine;
import dev.portage.mlflow.MlflowInspection;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.mlflow.MlflowTracking;
import dev.portage.platform.AllowedTriggers;
import dev.portage.platform.LiveInspection;
import dev.portage.platform.LiveLooks;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceAccess;
import dev.portage.platform.WorkspaceInspection;
import dev.portage.platform.WorkspaceKind;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.registry.RegistryActivities;
import dev.portage.release.FollowingUp;
import dev.portage.settings.Station.Capability;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.transfer.ExperimentInspection;
import dev.portage.transfer.Transfer;
import dev.portage.transfer.VersionFiles;
import dev.portage.turns.GrantNumbers;
import dev.portage.turns.PromotionsOver;
import dev.portage.unitycatalog.CatalogArtifacts;
import dev.portage.unitycatalog.CatalogRegistry;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/** A Databricks workspace: jobs and tables, and MLflow on the same host. */
public final class DatabricksKind implements WorkspaceKind {

  @Override
  public String name() {
    return "databricks";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public Set<String> keys() {
    return Set.of("pool", "warehouse", "runtime", "tables", "compute", "jobs", "endpoints");
  }

  @Override
  public boolean needsHostAndToken() {
    return true;
  }

  @Override
  public List<Object> activities(Workspace workspace, WorkspaceAccess access) {
    PlatformServers servers = new PlatformServers(access);
    ArtifactStores stores = ArtifactStores.standard().and(new CatalogArtifacts.Kind());
    DatabricksClients clients = new DatabricksClients(servers, access.http().rest());
    ActivityWait waiting = ActivityWait.ofActivity();
    Statements statements = new Statements(clients, waiting);
    CatalogTables catalog = new CatalogTables(clients);
    IntSupplier transfers = servers.transfers(workspace.name());
    RegistryActivities registry =
        new RegistryByName(
            new MlflowRegistry(servers),
            new CatalogRegistry(servers, new VersionFiles(servers, stores, transfers)));
    UndoRuns settings = new UndoRuns(servers, stores);
    DatabricksJobs jobs = new DatabricksJobs(clients, settings, waiting);
    MlflowTracking tracking = new MlflowTracking(servers, registry);
    MlflowReleases releases = new MlflowReleases(servers, registry, stores);
    Transfer copies = new Transfer(servers, stores, transfers);
    AllowedTriggers triggers = new AllowedTriggers(access.logins(), new ModelTriggers(clients));
    ModelExamples examples = new ModelExamples(servers, stores);
    ServingEndpoints endpoints =
        new ServingEndpoints(clients, UndoRuns.ofEndpoints(servers, stores), examples, waiting);
    LiveInspection live =
        new LiveInspection(tracking, registry, releases, jobs, endpoints, triggers);
    WorkspaceQuarantine quarantine = new WorkspaceQuarantine(servers);
    WorkspaceFreezes freezes = new WorkspaceFreezes(servers, access.logins()::freezes);
    return List.of(
        tracking,
        registry,
        copies,
        new DuplicateRemoval(copies, registry, jobs, endpoints),
        releases,
        new EventLog(servers, registry, stores),
        quarantine,
        freezes,
        new WorkspaceClearance(quarantine, freezes),
        new FollowingUp(registry, releases),
        new LiveLooks(live),
        new GrantNumbers(new TagsByName(servers, true)),
        jobs,
        endpoints,
        examples,
        triggers,
        new JobAdoption(clients, settings, waiting),
        new EndpointAdoption(clients, UndoRuns.ofEndpoints(servers, stores)),
        new DeltaTables(
            statements,
            catalog,
            new Leftovers(statements, new RunsLeft(clients), PromotionsOver.ofActivity())),
        new WorkspaceInspection(
            access.logins(),
            List.of(
                new DatabricksInspection(clients)::inspect,
                needs -> registry(servers, access, needs).inspect(needs),
                new ExperimentInspection(servers, stores)::inspect,
                new LogInspection(servers)::inspect,
                new FreezeInspection(servers, freezes)::inspect,
                new QuarantineInspection(servers, quarantine)::inspect,
                // Last, since it returns no identity, and the inspection stops at the first one
                // without.
                new TableInspection(catalog, statements, new TableRights(clients))::inspect),
            live));
  }

  /** Selects the registry to inspect by the names that the platform file gives now. */
  private static MlflowInspection registry(
      PlatformServers servers, WorkspaceAccess access, WorkspaceNeeds needs) {
    return access.logins().workspace(needs.workspace()).hasUnityCatalog()
        ? CatalogRegistry.inspection(servers)
        : new MlflowInspection(servers);
  }
}
