"""The whole bus: nodes in processes of their own, clients, and what goes wrong between them."""
