using Wharf.Grains.Objects;

namespace Wharf.Grains.Fields;

/// <summary>Creates the objects of configured fields on nodes that offer their types. Not thread-safe: one grain uses it on its scheduler.</summary>
internal sealed class FieldCreator(IGrainFactory grains, ObjectTypeOffers offers)
{
    private readonly Dictionary<string, Task<ObjectReference>> _creating = [];

    /// <summary>Returns whether the object of a field is being created.</summary>
    public bool IsCreating(string ticket) => _creating.ContainsKey(ticket);

    /// <summary>Creates the object of a field; concurrent callers wait for the same object.</summary>
    /// <param name="field">The field.</param>
    /// <param name="store">Stores the created object, which is held by the field.</param>
    /// <returns>The stored object.</returns>
    /// <exception cref="FaultException">The object cannot be created or stored; the message names the field.</exception>
    public Task<ObjectReference> CreateAsync(FieldConfiguration field, Func<ObjectReference, Task> store)
    {
        if (_creating.TryGetValue(field.Ticket, out var creating))
            return creating;
        creating = CreateOnceAsync(field, store);
        if (!creating.IsCompleted)
            _creating[field.Ticket] = creating;
        return creating;
    }

    private async Task<ObjectReference> CreateOnceAsync(FieldConfiguration field, Func<ObjectReference, Task> store)
    {
        try
        {
            var reference = await CreateOnNodeAsync(field);
            await store(reference);
            return reference;
        }
        catch (FaultException failed)
        {
            throw new FaultException(failed.Fault with { Message = $"The field {field.Ticket} could not be created: {failed.Fault.Message}" });
        }
        finally
        {
            _creating.Remove(field.Ticket);
        }
    }

    private async Task<ObjectReference> CreateOnNodeAsync(FieldConfiguration field)
    {
        var holder = Holder.OfField(field.Ticket);
        var isNodeSilent = false;
        foreach (var node in offers.NodesOf(field.TypeName))
        {
            try
            {
                return await grains.GetGrain<IObjectFactoryGrain>($"{node}|{field.TypeName}").CreateAsync(holder, field.Arguments, CancellationToken.None);
            }
            catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unavailable)
            {
                offers.Remove(node);
            }
            catch (Exception lost) when (Faults.IsTransient(lost))
            {
                // The node may answer again, or be declared lost, before the next object is created; this object is created on another node.
                isNodeSilent = true;
            }
        }

        try
        {
            return await grains.GetGrain<IObjectFactoryGrain>(field.TypeName).CreateAsync(holder, field.Arguments, CancellationToken.None);
        }
        catch (FaultException missing) when (missing.Fault.Code == FaultCode.NotFound && isNodeSilent)
        {
            throw new FaultException(FaultCode.Unavailable, $"a node with the object type '{field.TypeName}' does not answer");
        }
    }
}
