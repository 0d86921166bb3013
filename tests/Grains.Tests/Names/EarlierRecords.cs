using Wharf.Grains.Fields;

namespace Wharf.Grains.Tests.Names;

/// <summary>The record in which earlier versions kept all names.</summary>
public sealed class EarlierRecords
{
    // Two fields and two configured fields, of which one waits for a node with its type. Written by a version without pages.
    private const string Bytes =
        "2000a52120000521e8401b6170702f612f6669656c642f664103614107417070410366410f61206669656c6421e8402d533132372e302e302e313a31313131313a3121322133" +
        "010141094563686f0109e0e020e8400f73636f70652f74410b73636f70654101410374412971756572792073636f7065207661726961626c6521e8402d533132372e302e302e" +
        "313a31313131313a31213221340105410b5461626c650109e0e0e0e02120000521e8c00fc113c117c11f3101db36ad737553797374656d2e436f6c6c656374696f6e732e4765" +
        "6e657269632e44696374696f6e61727960325b5b737472696e675d2c5b737472696e675d5d0105410953697a65400337400b456d707479c001e0e020e840236170702f612f66" +
        "69656c642f7761697473c113c129410f556e6b6e6f776e3903e0e0e0e0210103c11f2000034125533132372e302e302e313a31313131313a31e0e0e0";

    private static byte[] Recorded => Convert.FromHexString(Bytes);

    [Fact]
    public Task The_names_of_a_record_without_pages_are_moved_into_pages() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        storage.Put(DirectoryUnderTest.First, Recorded);
        using var directory = await DirectoryUnderTest.StartAsync(storage);
        Check(directory);
        Assert.True(directory.Table.Version > 41);
        Assert.Equal([DirectoryUnderTest.First, DirectoryUnderTest.First + ".0"], storage.Records);

        // The next activation reads the pages, in which names have changed.
        await directory.SetAsync("t", "other");
        await directory.SetAsync("t", "S127.0.0.1:11111:1!2!4");
        await directory.SetAsync("new", "object");
        await directory.RemoveAsync("new");
        using var next = await DirectoryUnderTest.StartAsync(storage);
        Check(next);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task A_move_that_was_broken_off_is_made_by_the_next_activation(int writes) => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        storage.Put(DirectoryUnderTest.First, Recorded);
        var left = writes;
        storage.Decide = _ => left-- > 0 ? WriteOutcome.Done : WriteOutcome.Refused;
        await Assert.ThrowsAsync<IOException>(() => DirectoryUnderTest.StartAsync(storage));
        storage.Decide = static _ => WriteOutcome.Done;
        using var directory = await DirectoryUnderTest.StartAsync(storage);
        Check(directory);
    });

    [Fact]
    public Task A_record_that_an_earlier_version_has_written_again_replaces_the_pages() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using (var directory = await DirectoryUnderTest.StartAsync(storage))
            await directory.FillAsync(200);
        storage.Put(DirectoryUnderTest.First, Recorded);
        using (var upgraded = await DirectoryUnderTest.StartAsync(storage))
            Check(upgraded);
        using var next = await DirectoryUnderTest.StartAsync(storage);
        Check(next);
    });

    private static void Check(DirectoryUnderTest directory)
    {
        Assert.Equal(["app/a/field/f", "app/a/field/waits", "scope/t"], directory.Table.All.Select(static field => field.Ticket).Order(StringComparer.Ordinal));
        Assert.Equal(
            new FieldDescription("app/a/field/f", "a", "App", "f", "a field", new ObjectReference("S127.0.0.1:11111:1!2!3", ObjectKind.PluginObject, "Echo", 2)),
            directory.Table.Find("app/a/field/f")!.Field);
        Assert.Equal("7", directory.Table.Find("app/a/field/f")!.Configuration!.Arguments["Size"]);
        Assert.Null(directory.Table.Find("app/a/field/waits")!.Field);
        Assert.Equal("Unknown", directory.Table.Find("app/a/field/waits")!.Configuration!.TypeName);
        Assert.Equal("S127.0.0.1:11111:1!2!4", directory.Table.Find("scope/t")!.Object!.ObjectId);
        Assert.Null(directory.Table.Find("scope/t")!.Configuration);
        Assert.Equal(["S127.0.0.1:11111:1"], directory.Makers.NodesOf("Echo"));
    }
}
