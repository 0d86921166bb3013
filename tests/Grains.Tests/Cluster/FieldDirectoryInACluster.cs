using Wharf.Grains.Fields;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tests.Cluster;

[Collection(nameof(TestCluster))]
public sealed class FieldDirectoryInACluster(TestCluster cluster)
{
    private static readonly Dictionary<string, string?> NoArguments = [];

    [Fact]
    public async Task A_configured_object_is_made_once_whoever_asks()
    {
        var ticket = $"app/{cluster.NewId("a")}/field/echo";
        FieldConfiguration field = new(ticket, "App", "an echo", "Echo", NoArguments);
        await Task.WhenAll(cluster.Fields.ConfigureAsync([field]), cluster.Fields.ConfigureAsync([field]));
        await cluster.Fields.ConfigureAsync([field]);
        var listed = Assert.Single((await cluster.Fields.ReadAsync(0)).Fields, found => found.Ticket == ticket);
        Assert.Equal(("App", "echo", "an echo"), (listed.ApplicationName, listed.FieldName, listed.Description));
        await cluster.World.UntilHeldBy(listed.Object, $"field/{ticket}");
        Assert.Equal(listed.Object, await cluster.Grains.LookupAsync(ticket));
    }

    [Fact]
    public async Task A_configured_object_that_was_lost_is_made_anew_as_a_later_life()
    {
        var ticket = $"app/{cluster.NewId("a")}/field/echo";
        await cluster.Fields.ConfigureAsync([new FieldConfiguration(ticket, "App", "", "Echo", NoArguments)]);
        var first = (await cluster.Grains.LookupAsync(ticket))!;
        cluster.World.Lose(first);
        var session = await cluster.LoginAsync();
        var second = (await session.ResolveAsync(ticket)).References[0];
        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal(second, await cluster.Grains.LookupAsync(ticket));
    }

    [Fact]
    public async Task A_field_that_cannot_be_made_is_named()
    {
        var failed = await Assert.ThrowsAsync<FaultException>(
            () => cluster.Fields.ConfigureAsync([new FieldConfiguration("app/x/field/y", "", "", "Unknown", NoArguments)]));
        Assert.Contains("app/x/field/y", failed.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_whose_type_no_node_has_waits_for_one_that_offers_it()
    {
        var app = cluster.NewId("a");
        FieldConfiguration waits = new($"app/{app}/field/waits", "App", "", "Unknown", NoArguments);
        var other = waits with { Ticket = $"app/{app}/field/echo", TypeName = "Echo" };
        var missing = await Assert.ThrowsAsync<FaultException>(() => cluster.Fields.ConfigureAsync([waits, other]));
        Assert.Equal(FaultCode.NotFound, missing.Fault.Code);
        Assert.NotNull(await cluster.Grains.LookupAsync(other.Ticket));
        Assert.Null(await cluster.Grains.LookupAsync(waits.Ticket));
        var session = await cluster.LoginAsync();
        Assert.Equal(FaultCode.NotFound, (await session.ResolveAsync(waits.Ticket)).Fault!.Code);

        await cluster.Fields.OfferAsync("late", ["Unknown"]);
        try
        {
            var made = (await cluster.Grains.LookupAsync(waits.Ticket))!;
            await cluster.World.UntilHeldBy(made, $"field/{waits.Ticket}");
            Assert.Equal([made], (await session.ResolveAsync(waits.Ticket)).References);
        }
        finally
        {
            await cluster.Fields.OfferAsync("late", []);
        }
    }

    [Theory]
    [InlineData("scope/none", "There is no variable 'none' in the scope")]
    [InlineData("app/none/field/f", "There is no application 'none'")]
    public async Task A_name_without_a_field_is_not_found(string ticket, string text)
    {
        var session = await cluster.LoginAsync();
        var fault = (await session.ReferenceAsync(1, ticket)).Fault!;
        Assert.Equal((FaultCode.NotFound, text), (fault.Code, fault.Message));
    }

    [Fact]
    public async Task Binding_a_variable_holds_the_new_object_and_lets_go_of_the_old()
    {
        var session = await cluster.LoginAsync();
        var ticket = $"scope/{cluster.NewId("v")}";
        var first = await session.AdoptAsync(1);
        var second = await session.AdoptAsync(2, cluster.World.NewTable());
        Assert.Null((await session.Grain.SubmitAsync(new BindWork("export/1", ticket, TablesOnly: false))).Fault);
        await cluster.World.UntilHeldBy(first, session.HolderOf(1), $"field/{ticket}");
        Assert.Equal(FaultCode.InvalidArgument, (await session.Grain.SubmitAsync(new BindWork("export/1", ticket, TablesOnly: true))).Fault!.Code);
        Assert.Null((await session.Grain.SubmitAsync(new BindWork("export/2", ticket, TablesOnly: true))).Fault);
        await cluster.World.UntilHeldBy(first, session.HolderOf(1));
        await session.Grain.CloseAsync(SessionEndReason.Closed);
        await cluster.World.UntilHeldBy(second, $"field/{ticket}");
        var manager = new FieldClaim("test:manager", "", MayReplaceOthers: true);
        Assert.True(await cluster.Fields.RemoveAsync(ticket, manager));
        Assert.False(await cluster.Fields.RemoveAsync(ticket, manager));
        await cluster.World.UntilHeldBy(second);
    }

    [Fact]
    public async Task A_list_of_fields_waits_for_the_next_change()
    {
        var version = (await cluster.Fields.ReadAsync(0)).Version;
        var waiting = cluster.Fields.ReadAsync(version);
        var ticket = $"scope/{cluster.NewId("v")}";
        var reference = cluster.World.NewObject();
        await cluster.Fields.SetAsync(ticket, reference);
        var list = await waiting;
        Assert.True(list.Version > version);
        Assert.Contains(list.Fields, field => field.Ticket == ticket && field.Object == reference && field.Description == "query scope variable");
    }

    [Fact]
    public async Task Changes_of_one_variable_happen_one_after_the_other()
    {
        var ticket = $"scope/{cluster.NewId("v")}";
        var first = cluster.World.NewObject();
        var second = cluster.World.NewObject();
        for (var i = 0; i < 20; i++)
            await Task.WhenAll(cluster.Fields.SetAsync(ticket, first), cluster.Fields.SetAsync(ticket, second));
        var current = (await cluster.Grains.LookupAsync(ticket))!;
        Assert.Equal([$"field/{ticket}"], cluster.World.HoldersOf(current));
        Assert.Empty(cluster.World.HoldersOf(current == first ? second : first));
    }
}
