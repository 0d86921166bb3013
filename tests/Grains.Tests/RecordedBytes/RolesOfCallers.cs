using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Tests.RecordedBytes;

/// <summary>The roles of a caller came later than its other members.</summary>
public sealed class RolesOfCallers
{
    [Theory]
    [InlineData("")]
    [InlineData("reader")]
    [InlineData("reader,writer")]
    public void Roles_cross_to_another_node(string names)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var caller = new CallerIdentity("ann", "session-1", "Basic") { Roles = [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries)] };

        var read = serializer.Deserialize<CallerIdentity>(serializer.SerializeToArray(caller));

        Assert.Equal(caller.Roles, read!.Roles);
        Assert.Equal("ann", read.Identity);
    }
}
