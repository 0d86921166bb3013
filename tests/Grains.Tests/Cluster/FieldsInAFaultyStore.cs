using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Core.Internal;
using Orleans.Storage;
using Wharf.Grains.Fields;
using Wharf.Grains.Tests.Names;

namespace Wharf.Grains.Tests.Cluster;

/// <summary>The directory grain on a storage that fails.</summary>
public sealed class FieldsInAFaultyStore(FieldsInAFaultyStore.Fixture fixture) : IClassFixture<FieldsInAFaultyStore.Fixture>, IAsyncLifetime
{
    private static readonly Dictionary<string, string?> NoArguments = [];
    private readonly FaultyStorage _storage = fixture.Storage;
    private readonly TestCluster _cluster = fixture.Cluster;

    private IFieldDirectoryGrain Fields => _cluster.Fields;

    /// <summary>Waits until the grain has the records again: another test may have taken them over.</summary>
    public async ValueTask InitializeAsync() => await ChangeUntilMadeAsync(() => Fields.SetAsync("scope/ready", _cluster.World.NewObject()));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_change_that_cannot_be_stored_is_unavailable_and_not_made_and_its_object_is_released()
    {
        var (old, @new) = (_cluster.World.NewObject(), _cluster.World.NewObject());
        await Fields.SetAsync("scope/old", old);
        var before = await Fields.ReadAllAsync();
        foreach (var outcome in new[] { WriteOutcome.Refused, WriteOutcome.DoneWithoutAnswer })
        {
            _storage.Decide = _ => outcome;
            await RefusedAsync(() => Fields.SetAsync("scope/new", @new));
            await RefusedAsync(() => Fields.SetAsync("scope/old", @new));
            await RefusedAsync(() => Fields.RemoveAsync("scope/old"));
            await RefusedAsync(() => Fields.CreateAsync(new FieldConfiguration("scope/created", "", "", "Echo", NoArguments)));
            Assert.Equal(before, await Fields.ReadAllAsync());
            Assert.Null(await Fields.LookupAsync("scope/created"));
            await _cluster.World.UntilHeldBy(@new);
            await _cluster.World.UntilHeldBy(old, "field/scope/old");
        }

        // No object that was created for a name has a holder.
        Assert.Equal(2, _cluster.World.Made.Count);
        Assert.DoesNotContain("field/scope/created", _cluster.World.AllHolders);

        _storage.Decide = static _ => WriteOutcome.Done;
        await Fields.SetAsync("scope/new", @new);
        var created = await Fields.CreateAsync(new FieldConfiguration("scope/created", "", "", "Echo", NoArguments));
        Assert.True(await Fields.RemoveAsync("scope/old"));
        await _cluster.World.UntilHeldBy(old);
        await _cluster.World.UntilHeldBy(@new, "field/scope/new");
        await _cluster.World.UntilHeldBy(created, "field/scope/created");
    }

    [Fact]
    public async Task Concurrent_changes_by_clients_of_two_nodes_are_all_made()
    {
        var references = Enumerable.Range(0, 500).Select(_ => _cluster.World.NewObject()).ToArray();
        await Task.WhenAll(references.Select((reference, i) => Fields.SetAsync($"scope/v{i}", reference)));
        await Task.WhenAll(references.Select((_, i) => i % 5 == 0 ? Fields.RemoveAsync($"scope/v{i}") : Fields.SetAsync($"scope/v{i}", references[^(i + 1)])));
        var listed = (await Fields.ReadAllAsync()).Where(static field => field.Ticket.StartsWith("scope/v", StringComparison.Ordinal)).ToDictionary(static field => field.Ticket, static field => field.Object);
        Assert.Equal(400, listed.Count);
        Assert.All(listed, field => Assert.Equal(references[^(int.Parse(field.Key["scope/v".Length..], null) + 1)], field.Value));
    }

    [Fact]
    public async Task An_activation_whose_records_another_one_has_taken_over_ends_and_the_next_one_has_all_names()
    {
        var reference = _cluster.World.NewObject();
        await Fields.SetAsync("scope/one", reference);
        var position = (await Fields.FollowAsync(new FieldPosition(), waits: false)).Position;
        await DirectoryUnderTest.RunAsync(async () =>
        {
            using var other = await DirectoryUnderTest.StartAsync(_storage);
            await other.SetAsync("two", "object");
        });

        await RefusedAsync(() => Fields.SetAsync("scope/three", reference));
        await ChangeUntilMadeAsync(() => Fields.SetAsync("scope/three", reference));
        Assert.Superset(new HashSet<string> { "scope/one", "scope/three", "scope/two" }, (await Fields.ReadAllAsync()).Select(static field => field.Ticket).ToHashSet());

        // A reader of the activation before begins anew, at whatever version that one was.
        Assert.True((await Fields.FollowAsync(position, waits: true)).IsStart);
    }

    [Fact]
    public async Task Calls_of_a_directory_that_cannot_read_its_records_are_unavailable_and_the_next_call_reads_them_again()
    {
        var reference = _cluster.World.NewObject();
        await Fields.SetAsync("scope/kept", reference);
        var session = await _cluster.LoginAsync();
        FieldConfiguration field = new("scope/refused", "", "", "Echo", NoArguments);
        Func<Task>[] calls =
        [
            () => Fields.LookupAsync("scope/kept"),
            () => Fields.ResolveAsync("scope/kept", "holder", lease: null),
            () => Fields.ReadAsync(-1),
            () => Fields.FollowAsync(new FieldPosition(), waits: true),
            () => Fields.HasApplicationAsync("a"),
            () => Fields.DemandFreeAsync("scope/refused", FieldClaim.Unknown),
            () => Fields.SetAsync("scope/refused", reference),
            () => Fields.RemoveAsync("scope/kept"),
            () => Fields.CreateAsync(field),
            () => Fields.ConfigureAsync([field]),
            () => Fields.OfferAsync("node", []),
        ];
        Action[] faults =
        [
            () => _storage.RefusesRead = static _ => true,
            () => _storage.RefusesRead = static record => record.EndsWith(".0", StringComparison.Ordinal),
            () => _storage.Decide = static _ => WriteOutcome.Refused,
            () => _storage.Decide = static _ => WriteOutcome.DoneWithoutAnswer,
        ];
        foreach (var fault in faults)
        {
            await Fields.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
            fault();
            await Task.WhenAll(calls.Select(UnavailableAsync));
            foreach (var call in calls)
                await UnavailableAsync(call);
            Assert.Equal(FaultCode.Unavailable, (await session.RefusedAsync(grain => grain.PutVariableAsync("scope/refused", reference))).Code);

            (_storage.RefusesRead, _storage.Decide) = (static _ => false, static _ => WriteOutcome.Done);
            Assert.Equal(reference, await Fields.LookupAsync("scope/kept"));
            Assert.Null(await Fields.LookupAsync("scope/refused"));
        }
    }

    [Fact]
    public async Task A_configured_field_that_waits_is_stored_and_found_by_the_node_that_has_its_type()
    {
        FieldConfiguration waits = new("app/a/field/waits", "App", "", "Unknown", NoArguments);
        var missing = await Assert.ThrowsAsync<FaultException>(() => Fields.ConfigureAsync([waits]));
        Assert.Equal(FaultCode.NotFound, missing.Fault.Code);
        var writes = _storage.Writes.Count;
        await Assert.ThrowsAsync<FaultException>(() => Fields.ConfigureAsync([waits]));
        Assert.Equal(writes, _storage.Writes.Count);
        Assert.False(await Fields.RemoveAsync(waits.Ticket));
        Assert.False(await Fields.HasApplicationAsync("a"));

        await DirectoryUnderTest.RunAsync(async () =>
        {
            using var other = await DirectoryUnderTest.StartAsync(_storage);
            Assert.Equal("Unknown", other.Table.Find(waits.Ticket)!.Configuration!.TypeName);
        });
    }

    private static async Task ChangeUntilMadeAsync(Func<Task> change)
    {
        while (await Record.ExceptionAsync(change) is { } refused)
        {
            Assert.Equal(FaultCode.Unavailable, Assert.IsType<FaultException>(refused).Fault.Code);
            await Task.Yield();
        }
    }

    private static async Task RefusedAsync(Func<Task> change) =>
        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(change)).Fault.Code);

    /// <summary>Orleans may reject a call that meets several activations that end.</summary>
    private static async Task UnavailableAsync(Func<Task> call) =>
        Assert.Equal(FaultCode.Unavailable, Faults.From((await Record.ExceptionAsync(call))!, NullLogger.Instance).Code);

    /// <summary>Two silos on a storage that fails.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public Fixture() => Cluster = new TestCluster(silo => silo.Services.AddKeyedSingleton<IGrainStorage>(FieldStorage.Name, Storage));

        public FaultyStorage Storage { get; } = new();

        public TestCluster Cluster { get; }

        public ValueTask InitializeAsync() => Cluster.InitializeAsync();

        public async ValueTask DisposeAsync()
        {
            await Cluster.DisposeAsync();
            Storage.Dispose();
        }
    }
}
