using Wharf.Grains.Fields;

namespace Wharf.Grains.Tests.Names;

/// <summary>Owners in the records of the directory.</summary>
public sealed class StoredOwners
{
    [Fact]
    public Task An_owner_is_stored_with_its_name() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using (var directory = await DirectoryUnderTest.StartAsync(storage))
        {
            var variable = DirectoryUnderTest.Variable("x", "object");
            await directory.Writer.ChangeAsync("scope/x", _ => variable with { Field = variable.Field! with { Owner = "Basic:ann", SessionId = "session-1" } });
            await directory.Writer.ChangeAsync("scope/y", static _ => new StoredField(
                "scope/y", null, new FieldConfiguration("scope/y", "", "", "Echo", new Dictionary<string, string?>()) { Owner = FieldOwners.Configuration }));
        }

        using var next = await DirectoryUnderTest.StartAsync(storage);
        var field = next.Table.Find("scope/x")!.Field!;
        Assert.Equal(("Basic:ann", "session-1"), (field.Owner, field.SessionId));
        Assert.Equal(FieldOwners.Configuration, next.Table.Find("scope/y")!.Configuration!.Owner);
    });

    [Fact]
    public Task A_stored_name_that_breaks_the_rules_is_dropped() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using (var directory = await DirectoryUnderTest.StartAsync(storage))
        {
            await directory.SetAsync("good name", "object");
            await directory.SetAsync("bad\nname", "object");
            await directory.SetAsync(new string('x', 257), "object");
        }

        using var next = await DirectoryUnderTest.StartAsync(storage);
        Assert.Equal(["scope/good name"], next.Content.Keys);
    });
}
