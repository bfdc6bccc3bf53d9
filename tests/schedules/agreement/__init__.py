"""Does load_schedule accept, reject and understand what azure-ai-ml's own load_schedule does?"""
