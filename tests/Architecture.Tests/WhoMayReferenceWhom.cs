namespace Wharf.Architecture.Tests;

/// <summary>ARCHITECTURE.md's rule about rooms, read off the project files and off the assemblies that were built from them.</summary>
public sealed class WhoMayReferenceWhom
{
    private const string Composer = "Silo";

    public static TheoryData<string> GuardedRooms => [.. Rules.Allowed.Keys];

    [Fact]
    public void Every_room_is_known_and_every_known_room_exists() =>
        Assert.Equal(Rules.Allowed.Keys.Append(Composer).Order(StringComparer.Ordinal), Repository.SourceRooms.Select(room => room.Name));

    [Theory]
    [MemberData(nameof(GuardedRooms))]
    public void A_project_names_only_the_rooms_it_may(string name) =>
        Assert.Empty(Rules.Refused(Source(name).Projects, Rules.Allowed[name]));

    [Theory]
    [MemberData(nameof(GuardedRooms))]
    public void An_assembly_uses_only_the_rooms_it_may(string name)
    {
        var rooms = Repository.SourceRooms.ToDictionary(room => room.AssemblyName, room => room.Name);
        var used = Source(name).ReferencedAssemblies().Where(rooms.ContainsKey).Select(assembly => rooms[assembly]);
        Assert.Empty(Rules.Refused(used, Rules.Reachable(name)));
    }

    [Theory]
    [MemberData(nameof(GuardedRooms))]
    public void A_room_knows_no_technology_that_is_not_its_own(string name)
    {
        var room = Source(name);
        Assert.Empty(Rules.RefusedByPrefix(room.Packages, Rules.Unknown[name]));
        Assert.Empty(Rules.RefusedByPrefix(room.ReferencedAssemblies(), Rules.Unknown[name]));
    }

    [Fact]
    public void A_plugin_knows_the_plugin_api_and_nothing_else_of_the_server()
    {
        var server = Repository.SourceRooms.Select(room => room.AssemblyName).ToHashSet();
        foreach (var plugin in Repository.PluginRooms)
        {
            Assert.Empty(Rules.Refused(plugin.Projects, Rules.AllowedForPlugins));
            Assert.Empty(Rules.RefusedByPrefix(plugin.Packages, Rules.UnknownToPlugins));
            // The records that describe tables, and what both ends of a contract name, are part of the plugin API.
            Assert.Empty(Rules.Refused(plugin.ReferencedAssemblies().Where(server.Contains), ["Wharf.Plugins.Abstractions", "Wharf.Tables.Abstractions", "Wharf.Rpc"]));
            Assert.Empty(Rules.RefusedByPrefix(plugin.ReferencedAssemblies(), Rules.UnknownToPlugins));
        }
    }

    /// <summary>The rules above find nothing; this shows that they would.</summary>
    [Fact]
    public void A_forbidden_reference_is_found()
    {
        var server = Source("Server");
        Assert.Contains("Grains", Rules.Refused(server.Projects, Rules.Allowed["Gateway"]));
        Assert.Contains("Microsoft.Orleans.Server", Rules.RefusedByPrefix(server.Packages, Rules.Unknown["Tables"]));
        Assert.Contains("Grpc.AspNetCore", Rules.RefusedByPrefix(Source("Gateway").Packages, Rules.Unknown["Grains"]));
        Assert.Contains("Google.Protobuf", Rules.RefusedByPrefix(Source("Protocol.Grpc").ReferencedAssemblies(), Rules.Unknown["Grains"]));
        Assert.Empty(Rules.RefusedByPrefix(["GrpcLike", "Orleansish"], ["Grpc", "Orleans"]));
    }

    [Fact]
    public void Reachable_rooms_include_indirect_references()
    {
        Assert.Contains("Tables.Abstractions", Rules.Reachable("Grains"));
        Assert.DoesNotContain("Gateway", Rules.Reachable("Grains"));
        Assert.DoesNotContain("Grains", Rules.Reachable("Gateway"));
    }

    private static Room Source(string name) => Repository.SourceRooms.Single(room => room.Name == name);
}
