using Wharf.Grains.Objects;

namespace Wharf.Grains.Tests.Names;

public sealed class HoldersOfVariables
{
    [Fact]
    public void A_variable_in_an_own_scope_is_held_by_its_session()
    {
        Assert.Equal("session-1", Holder.SessionOf(Holder.OfVariable("session-1", 7)).ToString());
        Assert.True(Holder.SessionOf(Holder.OfField("scope/variable/session-1/7")).IsEmpty);
    }
}
