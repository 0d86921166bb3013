using System.Text.Json;
using Wharf.Processes;

namespace Wharf.Docs.Tests;

/// <summary>The solution filter of the pack command.</summary>
public sealed class PackedRooms
{
    // The server executable is published into an image, not packed.
    private static readonly string[] NoPackages = ["src/Silo/Silo.csproj"];

    [Fact]
    public void The_filter_lists_every_room_that_is_a_package()
    {
        using var filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "src", "Packages.slnf")));
        var listed = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
            .Select(static path => path.GetString()!.Replace('\\', '/'));
        var rooms = Directory.GetDirectories(Path.Combine(Checkout.Root, "src")).Append(Path.Combine(Checkout.Root, "templates", "Wharf.Templates"))
            .SelectMany(static folder => Directory.GetFiles(folder, "*.csproj"))
            .Select(static path => Path.GetRelativePath(Checkout.Root, path).Replace('\\', '/'));
        Assert.Equal(rooms.Except(NoPackages).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
