using System.Collections.Immutable;
using CsCheck;
using Wharf.Gateway.Fields;
using Wharf.Grains;
using Wharf.Grains.Fields;

namespace Wharf.Gateway.Tests;

/// <summary>The copy of the named fields that the streams of a gateway share.</summary>
public sealed class FieldCopies
{
    [Fact]
    public void A_field_is_created_updated_and_removed()
    {
        var copy = new FieldCopy();
        Assert.Equal("+a", Read(copy, [Field("a", "1")], []));
        Assert.Equal("", Read(copy, [Field("a", "1")], []));
        Assert.Equal("+b *a", Read(copy, [Field("a", "2"), Field("b", "1")], []));
        Assert.Equal("-a", Read(copy, [], ["a"]));
        Assert.Equal("+b", Show(copy.All));
    }

    [Fact]
    public void Changes_that_cancel_each_other_out_are_not_sent()
    {
        var copy = new FieldCopy();
        Apply(copy, [Field("kept", "1")], []);
        copy.Unsent.Take();
        Apply(copy, [Field("brief", "1"), Field("kept", "2")], []);
        Apply(copy, [Field("new", "1")], ["brief", "kept"]);
        Apply(copy, [Field("kept", "3")], []);
        Assert.Equal("+new *kept", Show(copy.Unsent.Take()));
    }

    [Fact]
    public void A_variable_without_a_type_is_not_listed()
    {
        var untyped = Field("a", "1") with { Object = new ObjectReference("1", ObjectKind.PluginObject, "", 1) };
        var copy = new FieldCopy();
        Assert.Equal("", Read(copy, [untyped], []));
        Assert.Equal("+a", Read(copy, [Field("a", "1")], []));
        Assert.Equal("-a", Read(copy, [untyped], []));
    }

    [Fact]
    public void A_list_that_begins_anew_is_compared_when_all_of_its_parts_are_read()
    {
        var copy = new FieldCopy();
        Apply(copy, [Field("a", "1"), Field("b", "1"), Field("c", "1")], []);
        copy.Unsent.Take();
        copy.TryApply(copy.Position, new FieldUpdates(new FieldPosition("other", 7, 1), IsStart: true, [Field("a", "1"), Field("b", "2")], [], HasMore: true));
        Assert.Equal(0, copy.Unsent.Count);
        copy.TryApply(copy.Position, new FieldUpdates(new FieldPosition("other", 7), IsStart: false, [Field("d", "1"), Field("e", "1")], [], HasMore: true));
        copy.TryApply(copy.Position, new FieldUpdates(new FieldPosition("other", 8), IsStart: false, [], [Field("e", "1").Ticket], HasMore: false));
        Assert.Equal("+d *b -c", Show(copy.Unsent.Take()));
        Assert.Equal(8, copy.Position.Version);
    }

    [Fact]
    public void A_part_that_another_read_has_overtaken_is_dropped()
    {
        var copy = new FieldCopy();
        var from = copy.Position;
        Assert.True(copy.TryApply(from, new FieldUpdates(new FieldPosition("d", 2), IsStart: true, [Field("a", "1")], [], HasMore: false)));
        Assert.False(copy.TryApply(from, new FieldUpdates(new FieldPosition("d", 1), IsStart: true, [], [], HasMore: false)));
        Assert.Equal("+a", Show(copy.All));
    }

    /// <summary>A busy subscriber gets one message for many, and has the same list after it as one that has read each.</summary>
    [Fact]
    public void Gathered_changes_lead_to_the_same_list() => Gen.Int[0, int.MaxValue].Sample(
        seed =>
        {
            var random = new Random(seed);
            var copy = new FieldCopy();
            var prompt = new Dictionary<string, FieldDescription>();
            var busy = new Dictionary<string, FieldDescription>();
            using var subscription = new FieldSubscription(copy.All, static _ => { });
            for (var batch = 0; batch < 30; batch++)
            {
                var changed = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(8)).Distinct().ToLookup(_ => random.Next(2) == 0);
                Apply(copy, [.. changed[true].Select(name => Field($"{name}", $"{random.Next(3)}"))], [.. changed[false].Select(static name => $"{name}")]);
                var changes = copy.Unsent.Take();
                Follow(prompt, changes);
                if (!changes.IsEmpty)
                    subscription.Add(changes);
                if (random.Next(4) == 0 && !subscription.IsWaiting)
                    Follow(busy, subscription.NextAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
            }

            if (!subscription.IsWaiting)
                Follow(busy, subscription.NextAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
            Assert.Equal(prompt, busy);
        },
        iter: 500);

    [Fact]
    public async Task A_subscriber_that_does_not_read_is_given_up_after_many_changes()
    {
        using var subscription = new FieldSubscription(new FieldCopy().All, static _ => { });
        for (var i = 0; i <= FieldSubscription.MaxPendingFields; i++)
            subscription.Add(new FieldListChanges([Field($"{i}", "1")], [], []));
        var refused = await Assert.ThrowsAsync<FaultException>(async () => await subscription.NextAsync(CancellationToken.None));
        Assert.Equal(FaultCode.ResourceExhausted, refused.Fault.Code);

        // The same number of changes of few fields is no reason.
        using var other = new FieldSubscription(new FieldCopy().All, static _ => { });
        for (var i = 0; i <= FieldSubscription.MaxPendingFields; i++)
            other.Add(new FieldListChanges([], [Field($"{i % 10}", $"{i}")], []));
        Assert.Equal(10, (await other.NextAsync(CancellationToken.None)).Updated.Length);
    }

    private static void Follow(Dictionary<string, FieldDescription> list, FieldListChanges changes)
    {
        Assert.All(changes.Created, field => Assert.True(list.TryAdd(field.Ticket, field)));
        Assert.All(changes.Removed, field => Assert.True(list.Remove(field.Ticket)));
        foreach (var field in changes.Updated)
        {
            Assert.Contains(field.Ticket, list.Keys);
            list[field.Ticket] = field;
        }
    }

    private static string Read(FieldCopy copy, ImmutableArray<FieldDescription> fields, ImmutableArray<string> removed)
    {
        Apply(copy, fields, removed);
        return Show(copy.Unsent.Take());
    }

    private static void Apply(FieldCopy copy, ImmutableArray<FieldDescription> fields, ImmutableArray<string> removed) => Assert.True(copy.TryApply(
        copy.Position,
        new FieldUpdates(new FieldPosition("d", copy.Position.Version + 1), IsStart: copy.Position.Version == 0, fields, [.. removed.Select(static name => "scope/" + name)], HasMore: false)));

    private static FieldDescription Field(string name, string id) =>
        new("scope/" + name, "scope", "", name, "", new ObjectReference(id, ObjectKind.PluginObject, "Echo", 1));

    private static string Show(FieldListChanges changes) => string.Join(
        ' ', [.. changes.Created.Select(static field => "+" + field.FieldName), .. changes.Updated.Select(static field => "*" + field.FieldName), .. changes.Removed.Select(static field => "-" + field.FieldName)]);
}
