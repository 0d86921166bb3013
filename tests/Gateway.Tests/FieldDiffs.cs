using Wharf.Gateway.Services;
using Wharf.Grains;
using Wharf.Grains.Fields;

namespace Wharf.Gateway.Tests;

public sealed class FieldDiffs
{
    [Fact]
    public void A_field_is_created_updated_and_removed()
    {
        var diff = new FieldDiff();
        Assert.Equal("+a", Show(diff.Advance([Field("a", "1")])));
        Assert.Equal("", Show(diff.Advance([Field("a", "1")])));
        Assert.Equal("+b *a", Show(diff.Advance([Field("a", "2"), Field("b", "1")])));
        Assert.Equal("-a", Show(diff.Advance([Field("b", "1")])));
    }

    [Fact]
    public void A_variable_without_a_type_is_not_listed() =>
        Assert.True(new FieldDiff().Advance([Field("a", "1") with { Object = new ObjectReference("1", ObjectKind.PluginObject, "", 1) }]).IsEmpty);

    private static FieldDescription Field(string name, string id) =>
        new("scope/" + name, "scope", "", name, "", new ObjectReference(id, ObjectKind.PluginObject, "Echo", 1));

    private static string Show(FieldChanges changes) => string.Join(
        ' ', [.. changes.Created.Select(field => "+" + field.FieldName), .. changes.Updated.Select(field => "*" + field.FieldName), .. changes.Removed.Select(field => "-" + field.FieldName)]);
}
